// The text of a module: a printable ASCII character for every byte, because a byte stays a unit of its own then. Base64
// cuts through bytes, so that brotli finds less to repeat (a third more for the same kernels).
//
// Indices of locals and offsets of loads and stores stand apart, behind the rest: without them the same computation is
// the same text wherever its operands are. A local is told by its place in the list of those of its function, the one
// used last first, which is mostly near. Both make the text an eighth smaller, compressed.
import { pieces } from './instructions.mjs';

/**
 * What the characters from ' ' to '~' mean, in letters (see `letters`). What kernels hold most often has one. The order
 * was found by swapping pairs as long as brotli made less of the text: its contexts tell vowels from consonants, and so
 * on. Quotes, the backslash, the bar and `<` stand for nothing: the text needs no escapes, the bar divides it, and no
 * page that holds it takes a part for the end of a script.
 */
export const TABLE =
  'saeoaadiejsbokaaehglgaajebbbafcaaholacaphpboqlanaehaaoogaapnhbqeekgmhebebmcebjckcieiadagdpbgflbk' +
  'dgegbdblgnscbieaakbfamdaaaaifabaaliahlgkbpcmppqcqdefaaeedmgpofeldeembcmabhcbbnfkkkifoeabaaedaa';
const FIRST = 32;
const NONE = '\'"\\|~<';

/** Stands for what has no character. */
const RARE = '~';
/** Divides the table, the code, locals, offsets and the letters of what has no character. */
const BAR = '|';

/** Added to what has a meaning besides: an opcode before a local, the alignment before an offset, a function's end. */
const MORE = 0x100;
const END = MORE + 0x0b;
/** Most locals of a function. */
const LOCALS = 128;

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
  let [code, locals, offsets, rare] = ['', '', '', ''];
  const character = (meaning, characters) => {
    const found = characters.get(meaning);
    if (!found) rare += letters(meaning);
    return found ?? RARE;
  };
  let list = [];
  for (const { bytes, opcode, local, align, offset, end } of pieces(binary)) {
    for (const byte of bytes ?? []) code += character(byte, all);
    if (opcode !== undefined) {
      code += character(MORE + opcode, all);
      const place = list.indexOf(local);
      if (place < 0) throw new Error(`a function has more than ${LOCALS} locals`);
      list = [local, ...list.filter((other) => other !== local)];
      locals += character(place, ofByte);
    }
    if (align !== undefined) {
      code += character(MORE + align, all);
      offsets += character(offset, ofByte);
    }
    if (end) code += character(END, all);
    if (end || list.length === 0) list = Array.from({ length: LOCALS }, (_, i) => i);
  }
  return [table, code, locals, offsets, rare].join(BAR);
}

/** What opcodes are in that text: that of `local.get` without the local, and others byte by byte. */
export function opcodesOf(table = TABLE) {
  const { all } = charactersOf(table);
  const characters = (...bytes) => bytes.map((byte) => all.get(byte) ?? RARE).join('');
  const [get, madd] = [characters(MORE + 0x20), characters(0xfd, 0x85, 0x02)];
  return [get, madd, characters(0xfd, 0xe6, 0x01), characters(0xfd, 0xe4, 0x01)];
}
