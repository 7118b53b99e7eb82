interface Natives {
  readonly Uint8Array: { fromHex?(text: string): Uint8Array<ArrayBuffer> };
  readonly Buffer?: { from(text: string, encoding: 'hex'): Uint8Array<ArrayBuffer> };
}

/**
 * Bytes of a hex string, by the quickest way the host has: the loop takes milliseconds for 45 KB in a fresh process,
 * the others 0.1.
 */
export function fromHex(text: string): Uint8Array<ArrayBuffer> {
  const { Uint8Array: native, Buffer: node } = globalThis as unknown as Natives;
  if (native.fromHex) return native.fromHex(text);
  if (node) return node.from(text, 'hex');
  const bytes = new Uint8Array(text.length / 2);
  // letters have bit 6 set and their low four bits start at 1
  const digit = (code: number) => (code & 15) + (code >> 6) * 9;
  for (let i = 0; i < bytes.length; i++)
    bytes[i] = digit(text.charCodeAt(2 * i)) * 16 + digit(text.charCodeAt(2 * i + 1));
  return bytes;
}
