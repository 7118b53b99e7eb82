// Makes the bytes of a module from its text: `encode` of encode.mjs the other way round. A module of its own: the same
// loop in JavaScript runs cold in a fresh process and takes several milliseconds more.

/**
 * Most locals of a function, which `encode` holds: their lists, a byte each, stand at 0 and, of vectors, behind it, the
 * one used last first.
 */
const LOCALS: u32 = 128;
/** Where the text begins, with two letters for each character from ' ' to '~'. */
const TEXT: u32 = 2 * LOCALS;
/** Stands for what has no character. */
const RARE: u32 = 126;
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
/** Prefix of opcodes of vectors. */
const PREFIX: u32 = 0xfd;

/** What two letters mean: digits from a to p, the first of which may go on to r. */
// @ts-ignore: decorator
@inline
function ofLetters(at: u32): u32 { return (<u32>load<u8>(at) << 4) + load<u8>(at, 1) - 17 * 97; }

/** The next two letters for what has no character. */
let rare: u32 = 0;

// @ts-ignore: decorator
@inline
function meaningOf(at: u32): u32 {
  const character = <u32>load<u8>(at);
  let letters = TEXT - 2 * 32 + 2 * character;
  if (character == RARE) {
    letters = rare;
    rare += 2;
  }
  return ofLetters(letters);
}

/** The same, as a call: only the code is long. */
function meaning(at: u32): u32 { return meaningOf(at); }

/** The local at a place of a list, which goes to its front: those before it move on, the first sixteen at once. */
// @ts-ignore: decorator
@inline
function nextLocal(list: u32, place: u32): u32 {
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
  for (let i: u32 = 0; i < TEXT; i += 4) store<u32>(i, 0x01010101 * (i % LOCALS) + 0x03020100);
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
 * Writes bytes to `to` and gives their end. `code` ends a character before `gets`, the indices of locals that are read,
 * as places in their list; `vectors`: of vectors that are; `sets`: of all that are written; `offsets`: the first byte
 * of the offset of each load and store; `letters`: of what has no character.
 */
export function decode(code: u32, gets: u32, vectors: u32, sets: u32, offsets: u32, letters: u32, to: u32): u32 {
  const end = gets - 1;
  let body: u32 = 0;
  rare = letters;
  for (; code < end; code++) {
    const value = meaningOf(code);
    if (value == FUNCTION) {
      body = to = sized(body, to) + 2;
      forgetLocals();
      continue;
    }
    const isVector = value >= VECTOR && value < LOCAL;
    const list = value >= LOCAL_VECTOR && value < NUMBER ? LOCALS : 0;
    if (isVector) store<u8>(to++, PREFIX);
    store<u8>(to++, list ? value - (LOCAL_VECTOR - LOCAL) : value);
    if (value < VECTOR) continue;
    if (isVector || value >= NUMBER) {
      store<u8>(to++, isVector ? 4 : 2);
      store<u8>(to++, meaning(offsets++));
    } else {
      const place = value == LOCAL ? gets++ : value == LOCAL_VECTOR ? vectors++ : sets++;
      store<u8>(to++, nextLocal(list, meaning(place) & 255));
    }
  }
  return sized(body, to);
}
