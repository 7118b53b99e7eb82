/** Functions of a wasm binary with a name section, and the bytes that each takes in the code section. */

const SECTION = { custom: 0, import: 2, code: 10 };
/** A kind of import. */
const FUNCTION = 0;
const FUNCTION_NAMES = 1;

class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  byte() {
    return this.bytes[this.at++];
  }

  /** Unsigned LEB128. */
  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  }

  slice(length) {
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  text() {
    return Buffer.from(this.slice(this.number())).toString();
  }

  list(read) {
    return Array.from({ length: this.number() }, read);
  }
}

function* sections(bytes) {
  const reader = new Reader(bytes);
  reader.at = 8;
  while (reader.at < bytes.length) {
    const id = reader.byte();
    yield { id, body: new Reader(reader.slice(reader.number())) };
  }
}

/** Names by index of function. */
function names(body) {
  while (body.at < body.bytes.length) {
    const kind = body.byte();
    const part = new Reader(body.slice(body.number()));
    if (kind === FUNCTION_NAMES) return new Map(part.list(() => [part.number(), part.text()]));
  }
  return new Map();
}

/** Whether the first import is a function; ours is memory, the only one. */
function importsFunction(body) {
  const count = body.number();
  if (count > 1) return true;
  return count === 1 && [body.text(), body.text(), body.byte()][2] === FUNCTION;
}

/**
 * [{ name, bytes }], in the order of the binary; our kernels import no function, so that code and names count alike.
 */
export function functionsOf(bytes) {
  let sizes = [];
  let named = new Map();
  for (const { id, body } of sections(bytes)) {
    if (id === SECTION.import && importsFunction(body)) throw new Error('the binary imports a function');
    if (id === SECTION.code) sizes = body.list(() => body.slice(body.number()).length);
    if (id === SECTION.custom && body.text() === 'name') named = names(body);
  }
  return sizes.map((size, i) => ({ name: named.get(i) ?? `function ${i}`, bytes: size }));
}
