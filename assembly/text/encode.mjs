// The text of a module: a printable ASCII character for every byte, because a byte stays a unit of its own then. Base64
// cuts through bytes, so that brotli finds less to repeat (a third more for the same kernels).
//
// Indices of locals and offsets of loads and stores stand apart, behind the rest: without them the same computation is
// the same text wherever its operands are. A local is told by its place in one of two lists of its function, of vectors
// and of all else, the one used last first, which is mostly near. Sizes of functions are left out: a function begins
// with a character of its own. All of it makes the text a sixth smaller, compressed.
import { pieces } from './instructions.mjs';

/**
 * What the characters from ' ' to '~' mean, in letters (see `letters`). What kernels hold most often has one. The order
 * was found by swapping pairs as long as brotli made less of the text: its contexts tell vowels from consonants, and so
 * on. Quotes, the backslash and `<` stand for nothing: the text needs no escapes, and no page that holds it takes a part
 * for the end of a script. What the bar and the tilde mean is for the decoder alone.
 */
export const TABLE =
  'saseaatiejsbokaaeheeeiamacedkkaobcskfaaphpbmaeanqmebogakaapnegqabpgmeabeagqloecbgahagkajbkaaahbh' +
  'pphlsdblbiscgnhebnbfbodaaaaibjbasfiagladekcasialtgefafhbqjgpofeodeemflmadpbdceelbgifolabuabbub';
const FIRST = 32;
const NONE = '\'"\\|~<';

/** Stands for what has no character. */
const RARE = '~';
/**
 * Divides the table, the code, locals that are read, vectors that are, locals that are written, offsets, and the
 * letters of what has no character.
 */
const BAR = '|';

/** Added to opcodes, without their prefix, whose local or offset stands elsewhere. */
const MORE = 0x100;
/** `local.get`; other opcodes of locals write them. */
const GET = 0x20;
/** The type of a vector, and what is added to opcodes of locals of that type. */
const VECTOR = 0x7b;
const VECTORS = 3;
/** The alignment that such opcodes have in memory, as a power of two. */
const ALIGN = { vector: 4, number: 2 };
/** A function begins; its size is known when it ends. */
const FUNCTION = MORE + 0x0c;
/** Most locals of a function, and bytes of one: their number takes two bytes at most. */
const LOCALS = 128;
const BYTES = 1 << 14;

/** Two letters: the last four bits as a digit from a to p, and those before. */
const letters = (meaning) => String.fromCharCode(97 + (meaning >> 4), 97 + (meaning & 15));

/** Characters by what they mean; where bytes alone can stand, by the byte. */
function charactersOf(table) {
  const [all, ofByte] = [new Map(), new Map()];
  for (let i = 0; i < table.length / 2; i++) {
    const character = String.fromCharCode(FIRST + i);
    if (NONE.includes(character)) continue;
    const [high, low] = [table.charCodeAt(2 * i) - 97, table.charCodeAt(2 * i + 1) - 97];
    all.set(16 * high + low, character);
    ofByte.set((16 * high + low) % MORE, character);
  }
  return { all, ofByte };
}

/** The text of a module. */
export function encode(binary, table = TABLE) {
  const { all, ofByte } = charactersOf(table);
  let [code, sets, offsets, rare] = ['', '', '', ''];
  const gets = ['', ''];
  const character = (meaning, characters) => {
    const found = characters.get(meaning);
    if (!found) rare += letters(meaning);
    return found ?? RARE;
  };
  let lists = [];
  for (const { bytes, size, opcode, local, type, memory, align, offset } of pieces(binary)) {
    for (const byte of bytes ?? []) code += character(byte, all);
    if (size !== undefined) {
      if (size >= BYTES) throw new Error(`a function has ${BYTES} bytes or more`);
      code += character(FUNCTION, all);
      lists = [true, false].map(() => Array.from({ length: LOCALS }, (_, i) => i));
    }
    if (opcode !== undefined) {
      const vector = Number(type === VECTOR);
      code += character(MORE + opcode + VECTORS * vector, all);
      const list = lists[vector];
      const place = list.indexOf(local);
      if (place < 0) throw new Error(`a function has more than ${LOCALS} locals`);
      lists[vector] = [local, ...list.filter((other) => other !== local)];
      if (opcode === GET) gets[vector] += character(place, ofByte);
      else sets += character(place, ofByte);
    }
    if (memory) {
      const meaning = MORE + memory.at(-1);
      if (align === ALIGN[memory.length > 1 ? 'vector' : 'number'] && all.has(meaning)) {
        code += character(meaning, all);
        offsets += character(offset, ofByte);
      } else for (const byte of [...memory, align, offset]) code += character(byte, all);
    }
  }
  return [table, code, ...gets, sets, offsets, rare].join(BAR);
}

/** What opcodes are in that text: that of `local.get` without the local, and others byte by byte. */
export function opcodesOf(table = TABLE) {
  const { all } = charactersOf(table);
  const characters = (...bytes) => bytes.map((byte) => all.get(byte) ?? RARE).join('');
  const [get, madd] = [characters(MORE + GET + VECTORS), characters(0xfd, 0x85, 0x02)];
  return [get, madd, characters(0xfd, 0xe6, 0x01), characters(0xfd, 0xe4, 0x01)];
}
