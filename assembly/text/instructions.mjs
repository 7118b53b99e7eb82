// A binary module, cut where its text wants to know more than bytes.

/** Bytes before the first section, and the sections of signatures, of those that functions have, and of code. */
const HEADER = 8;
const TYPES = 1;
const FUNCTIONS = 3;
const CODE = 10;

/** What follows opcodes, from one to another: numbers in LEB128, bytes, or what the functions below read. */
const immediates = [
  { from: 0x02, to: 0x04, numbers: 1 },
  { from: 0x0c, to: 0x0d, numbers: 1 },
  { from: 0x0e, to: 0x0e, table: true },
  { from: 0x10, to: 0x10, numbers: 1 },
  { from: 0x1c, to: 0x1c, numbers: 2 },
  { from: 0x20, to: 0x22, local: true },
  { from: 0x23, to: 0x24, numbers: 1 },
  { from: 0x28, to: 0x3e, memory: true },
  { from: 0x3f, to: 0x42, numbers: 1 },
  { from: 0x43, to: 0x43, bytes: 4 },
  { from: 0x44, to: 0x44, bytes: 8 },
];
/** The same behind the two prefixes. */
const prefixed = {
  252: [
    { from: 10, to: 10, bytes: 2 },
    { from: 11, to: 11, bytes: 1 },
  ],
  253: [
    { from: 0, to: 11, memory: true },
    { from: 12, to: 13, bytes: 16 },
    { from: 21, to: 34, bytes: 1 },
    { from: 84, to: 91, memory: true, bytes: 1 },
    { from: 92, to: 93, memory: true },
  ],
};
/** The last opcode of a function. */
const END = 0x0b;

/**
 * Pieces of a module: `{ bytes }` to take as they are, with the types of all `locals` and the number of `parameters`
 * where those are declared; `{ size }` of a function, which begins there; `{ opcode, local, type, at }` of an
 * instruction on a local, whose index stands at `at`; `{ memory, align, offset }` of a load or store, its opcode in
 * bytes and the first byte of the offset alone.
 */
export function* pieces(binary) {
  let at = HEADER;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = binary[at++];
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const list = (read) => Array.from({ length: number() }, read);
  const byte = () => binary[at++];
  /** Of the section that is read: signatures, or the signature of each function. */
  let types = [];
  let functions = [];

  function* instruction(locals) {
    const begin = at;
    const opcode = binary[at++];
    const known = prefixed[opcode] ?? immediates;
    const code = known === immediates ? opcode : number();
    const found = known.find(({ from, to }) => code >= from && code <= to) ?? {};
    if (found.local) {
      const local = byte();
      return yield { opcode, local, type: locals[local], at: at - 1 };
    }
    if (found.memory) {
      const memory = binary.subarray(begin, at);
      const align = binary[at++];
      yield { memory, align, offset: binary[at] };
      const rest = at + 1;
      number();
      return yield { bytes: binary.subarray(rest, (at += found.bytes ?? 0)) };
    }
    if (found.table) list(number);
    for (let left = found.numbers ?? (found.table ? 1 : 0); left > 0; left--) number();
    at += found.bytes ?? 0;
    yield { bytes: binary.subarray(begin, at) };
  }

  function* body(parameters) {
    const size = number();
    yield { size };
    const begin = at;
    const end = at + size;
    const declared = list(() => Array(number()).fill(byte()));
    const locals = [...parameters, ...declared.flat()];
    yield { bytes: binary.subarray(begin, at), locals, parameters: parameters.length };
    while (at < end - 1) yield* instruction(locals);
    if (at !== end - 1 || binary[at] !== END) throw new Error(`an instruction is unknown before byte ${at}`);
    yield { bytes: binary.subarray(at, ++at) };
  }

  let code = false;
  yield { bytes: binary.subarray(0, at) };
  while (at < binary.length) {
    const begin = at;
    const id = binary[at++];
    const size = number();
    if (code) throw new Error('a section stands behind the code');
    code = id === CODE;
    const end = at + size;
    if (id === TYPES) {
      types = list(() => {
        at++;
        const parameters = list(byte);
        list(byte);
        return parameters;
      });
    }
    if (id === FUNCTIONS) functions = list(number);
    if (!code) yield { bytes: binary.subarray(begin, (at = end)) };
    else {
      const count = number();
      yield { bytes: binary.subarray(begin, at) };
      for (let i = 0; i < count; i++) yield* body(types[functions[i]] ?? []);
    }
  }
}
