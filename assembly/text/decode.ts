// Makes the bytes of a module from its text: `encode` of encode.mjs the other way round. A module of its own: the same
// loop in JavaScript runs cold in a fresh process and takes several milliseconds more. No function runs for long: V8
// would compile it a second time, optimised, which takes longer than all of the text (1.4 ms against 0.8).

/**
 * Most locals of a function, which `encode` holds: their lists, a byte each, stand at 0 and, of vectors, behind it, the
 * one used last first.
 */
const LOCALS: u32 = 128;
/** What characters mean, two bytes each, by their codes. */
const MEANINGS: u32 = 2 * LOCALS;
/** Where the text begins, with two letters for each character from ' ' to '~'. */
const TEXT: u32 = MEANINGS + 256;
/** The first character and the last. */
const FIRST: u32 = 32;
const LAST: u32 = 126;
/**
 * Meanings from here on are opcodes of vectors in memory, aligned to 16 bytes, whose offset stands elsewhere; of
 * locals and of those that are vectors, whose index does; and of numbers in memory, aligned to 4 bytes. One says that a
 * function begins.
 */
const VECTOR: u32 = 0x100;
const LOCAL: u32 = 0x120;
const LOCAL_VECTOR: u32 = 0x123;
const NUMBER: u32 = 0x128;
const FUNCTION: u32 = 0x10c;
/** A part ends, and: letters say what is meant. */
const END: u32 = 0x140;
const ELSEWHERE: u32 = 0x141;
/** Prefix of opcodes of vectors. */
const PREFIX: u32 = 0xfd;

/** The next letters of what has no character. */
let rare: u32 = 0;

/** What two letters mean: digits from a to p, the first of which may go on to u. */
function ofLetters(at: u32): u32 { return (<u32>load<u8>(at) << 4) + load<u8>(at, 1) - 17 * 97; }

// @ts-ignore: decorator
@inline
function meaningOf(at: u32): u32 { return load<u16>(2 * <u32>load<u8>(at), MEANINGS); }

/** What the character at an address means, or the next letters. */
function meaning(at: u32): u32 {
  const value = meaningOf(at);
  if (value != ELSEWHERE) return value;
  rare += 2;
  return ofLetters(rare - 2);
}

/** What characters mean, from the beginning of the text. */
function readTable(): void {
  for (let i = FIRST; i <= LAST; i++) store<u16>(2 * i, ofLetters(TEXT + 2 * (i - FIRST)), MEANINGS);
}

/** Writes the bytes that a run of characters means. Gives the end of the run. */
@apart function copyBytes(code: u32, to: u32): u32 {
  let value = meaningOf(code);
  while (value < VECTOR) {
    store<u8>(to++, value);
    value = meaningOf(++code);
  }
  return code;
}

/** The local at a place of a list, which goes to its front: those before it move on, the first sixteen at once. */
@apart function nextLocal(list: u32, place: u32): u32 {
  const local = <u32>load<u8>(list + place);
  for (; place > 15; place--) store<u8>(list + place, load<u8>(list + place - 1));
  const lanes = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  // a comparison that holds is -1
  const from = i8x16.add(lanes, i8x16.le_u(lanes, i8x16.splat(<i8>place)));
  v128.store(list, i8x16.replace_lane(i8x16.swizzle(v128.load(list), from), 0, <i8>local));
  return local;
}

/** Both lists of locals in their order, four at once. */
function forgetLocals(): void {
  for (let i: u32 = 0; i < 2 * LOCALS; i += 4) store<u32>(i, 0x01010101 * (i % LOCALS) + 0x03020100);
}

/** Writes a load or store. Gives its end. */
@apart function writeAccess(opcode: u32, offset: u32, to: u32): u32 {
  const isVector = opcode < LOCAL;
  if (isVector) store<u8>(to++, PREFIX);
  store<u8>(to, opcode);
  store<u8>(to, isVector ? 4 : 2, 1);
  store<u8>(to, offset, 2);
  return to + 3;
}

/** Writes the size of a function, whose `body` has two bytes before it, where one may do. Gives its end. */
function sized(body: u32, end: u32): u32 {
  const size = end - body;
  if (!body) return end;
  store<u8>(body - 2, size);
  if (size < 128) {
    memory.copy(body - 1, body, size);
    return end - 1;
  }
  store<u8>(body - 2, size | 128);
  store<u8>(body - 1, size >> 7);
  return end;
}

/**
 * Writes bytes to `to` and gives their end. The parts of the text: `code`; `gets`, the indices of locals that are read,
 * as places in their list; `vectors`: of vectors that are; `sets`: of all that are written; `offsets`: the first byte
 * of the offset of each load and store; `letters`: of what has no character.
 */
export function decode(code: u32, gets: u32, vectors: u32, sets: u32, offsets: u32, letters: u32, to: u32): u32 {
  let body: u32 = 0;
  rare = letters;
  readTable();
  for (;;) {
    const next = copyBytes(code, to);
    to += next - code;
    code = next + 1;
    const value = meaning(next);
    if (value - LOCAL < NUMBER - LOCAL) {
      const isVector = value >= LOCAL_VECTOR;
      const place = value == LOCAL ? gets++ : value == LOCAL_VECTOR ? vectors++ : sets++;
      store<u8>(to, isVector ? value - (LOCAL_VECTOR - LOCAL) : value);
      store<u8>(to, nextLocal(isVector ? LOCALS : 0, meaning(place) & 255), 1);
      to += 2;
      continue;
    }
    if (value < VECTOR) store<u8>(to++, value);
    else if (value == END) break;
    else if (value == FUNCTION) {
      body = to = sized(body, to) + 2;
      forgetLocals();
    } else to = writeAccess(value, meaning(offsets++), to);
  }
  return sized(body, to);
}
