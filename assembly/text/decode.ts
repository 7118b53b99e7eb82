// Makes the bytes of a module from its text: `encode` of encode.mjs the other way round. A module of its own: the same
// loop in JavaScript runs cold in a fresh process and takes several milliseconds more.

/** Locals of a function, a byte each, the one used last first; `encode` says that there are no more. */
const LOCALS: u32 = 128;
/** Where the text begins, with two letters for each character from ' ' to '~'. Before it stand the locals. */
const TEXT: usize = 128;
/** Stands for what has no character. */
const RARE: u32 = 126;
/** Meanings from here on say what follows besides: an offset, the end of a function, the index of a local. */
const OFFSET: u32 = 0x100;
const END: u32 = 0x10b;
const LOCAL: u32 = 0x120;

/** The next two letters for what has no character. */
let rare: usize = 0;

/** What two letters mean, digits from a to p, the first of which may go on to r. */
function ofLetters(at: usize): u32 { return (<u32>load<u8>(at) << 4) + load<u8>(at, 1) - 17 * 97; }

function meaning(at: usize): u32 {
  const character = <u32>load<u8>(at);
  if (character != RARE) return ofLetters(TEXT + 2 * (character - 32));
  rare += 2;
  return ofLetters(rare - 2);
}

function forgetLocals(): void { for (let i: u32 = 0; i < LOCALS; i++) store<u8>(i, i); }

/**
 * Writes bytes to `to` and gives their end. `code` ends a character before `locals`, the indices of locals as places
 * in the list; `offsets`: the first byte of the offset of each load and store; `letters`: of what has no character.
 */
export function decode(code: usize, locals: usize, offsets: usize, letters: usize, to: usize): usize {
  const end = locals - 1;
  rare = letters;
  forgetLocals();
  for (; code < end; code++) {
    const value = meaning(code);
    store<u8>(to++, value);
    if (value < OFFSET) continue;
    if (value == END) forgetLocals();
    else if (value < LOCAL) store<u8>(to++, meaning(offsets++));
    else {
      const place = meaning(locals++) & 255;
      const local = load<u8>(place);
      memory.copy(1, 0, place);
      store<u8>(0, local);
      store<u8>(to++, local);
    }
  }
  return to;
}
