/** Characters from ' ' to '~', each of which may stand for a byte. */
const [FIRST, CHARACTERS] = [32, 95];
const TABLE = 2 * CHARACTERS;

/**
 * Bytes of a text of kernels: two letters for each character, which say what byte it stands for; a character for each
 * byte; for each `~` among them two letters, the first one's last. Letters are hex digits from a to p.
 *
 * Four bytes at a time, which is as quick as it gets in a fresh process: all of this runs cold.
 */
export function decode(text: string): Uint8Array<ArrayBuffer> {
  const { length } = text;
  const byteAt = (at: number) => 16 * text.charCodeAt(at) + text.charCodeAt(at + 1) - 17 * 97;
  const table = new Uint8Array(128);
  for (let i = 0; i < CHARACTERS; i++) table[FIRST + i] = byteAt(2 * i);
  const words = new Int32Array((length + 3) >> 2);
  const bytes = new Uint8Array(words.buffer);
  if (globalThis.TextEncoder) new TextEncoder().encodeInto(text, bytes);
  // audio worklets have none
  else for (let i = 0; i < length; i++) bytes[i] = text.charCodeAt(i);
  for (let i = words.length; i--; ) {
    const word = words[i];
    words[i] =
      table[word & 127] |
      (table[(word >> 8) & 127] << 8) |
      (table[(word >> 16) & 127] << 16) |
      (table[word >> 24] << 24);
  }
  let end = length;
  for (let at = TABLE; (at = text.indexOf('~', at)) >= 0; at++) bytes[at] = byteAt((end -= 2));
  return bytes.subarray(TABLE, end);
}
