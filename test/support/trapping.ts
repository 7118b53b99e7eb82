import { readFileSync } from 'node:fs';

const CODE = 10;
const EXPORTS = 7;
const FUNCTION = 0;
const [UNREACHABLE, NOP, END] = [0x00, 0x01, 0x0b];

/** Reads a binary module's bytes in order. */
class Reader {
  at: number;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  /** An unsigned LEB128 number. */
  number(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#bytes[this.at++];
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  }

  text(): string {
    const length = this.number();
    return new TextDecoder().decode(this.#bytes.subarray(this.at, (this.at += length)));
  }
}

/** Where the content of each section begins. */
function sectionsOf(bytes: Uint8Array): Map<number, number> {
  const sections = new Map<number, number>();
  for (const reader = new Reader(bytes, 8); reader.at < bytes.length; ) {
    const id = bytes[reader.at++];
    const size = reader.number();
    sections.set(id, reader.at);
    reader.at += size;
  }
  return sections;
}

function indexOf(bytes: Uint8Array, begin: number, wanted: string): number {
  const reader = new Reader(bytes, begin);
  for (let left = reader.number(); left > 0; left--) {
    const name = reader.text();
    const kind = bytes[reader.at++];
    const index = reader.number();
    if (kind === FUNCTION && name === wanted) return index;
  }
  throw new Error(`no export ${wanted}`);
}

/** The strict build with the body of one export replaced by a trap. */
export function trappingIn(name: string): WebAssembly.Module {
  const bytes = new Uint8Array(readFileSync(new URL('../../build/wasm/simd.wasm', import.meta.url)));
  const sections = sectionsOf(bytes);
  const target = indexOf(bytes, sections.get(EXPORTS) as number, name);
  const reader = new Reader(bytes, sections.get(CODE) as number);
  reader.number();
  // No functions are imported, so that functions and bodies have the same numbers.
  for (let index = 0; index < target; index++) {
    const size = reader.number();
    reader.at += size;
  }
  const size = reader.number();
  const noLocals = 0;
  bytes.fill(NOP, reader.at, reader.at + size);
  bytes.set([noLocals, UNREACHABLE], reader.at);
  bytes[reader.at + size - 1] = END;
  return new WebAssembly.Module(bytes);
}
