import { decoder } from '../../build/wasm/decode.js';

/** Where the decoder wants the text, and what divides its parts. */
const TEXT = 512;
const BAR = '|';
/** Characters whose bytes, fewer than two to one, have room in a page beside the text. */
const PAGE = 20_000;

/** Characters of a text from an address on. */
function write(text: string, bytes: Uint8Array, address: number): void {
  if (globalThis.TextEncoder) new TextEncoder().encodeInto(text, bytes.subarray(address));
  // audio worklets have none
  else for (let i = 0; i < text.length; i++) bytes[address + i] = text.charCodeAt(i);
}

/** Bytes of a text of kernels, by the function `decode` of `assembly/text/decode.ts`. Throws what the host throws. */
export function decode(text: string): Uint8Array<ArrayBuffer> {
  const memory = new WebAssembly.Memory({ initial: Math.ceil(text.length / PAGE) });
  const module = new WebAssembly.Module(Uint8Array.from(decoder));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const bytes = new Uint8Array(memory.buffer);
  write(text, bytes, TEXT);
  // each part begins behind a bar; bytes begin behind the last part
  const begins: number[] = [];
  for (let at = 0; (at = text.indexOf(BAR, at) + 1) > 0; ) begins.push(TEXT + at);
  const end = TEXT + text.length;
  return bytes.subarray(end, (exports.decode as (...addresses: number[]) => number)(...begins, end));
}
