interface Natives {
  readonly Uint8Array: { fromBase64?(text: string): Uint8Array<ArrayBuffer> };
  readonly Buffer?: { from(text: string, encoding: 'base64'): Uint8Array<ArrayBuffer> };
}

/** Bytes of a base64 string, by the quickest way the host has: the loop over `atob` takes 1 to 2 ms for 30 KB in a fresh process, the others 0.1. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const { Uint8Array: native, Buffer: node } = globalThis as unknown as Natives;
  if (native.fromBase64) return native.fromBase64(text);
  if (node) return node.from(text, 'base64');
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
