import { OptionError } from '../errors.js';
import { show } from '../shape/show.js';

/** The bytes of a file, read in place. */
export function viewOf(bytes: unknown): DataView {
  if (bytes instanceof ArrayBuffer) return new DataView(bytes);
  if (bytes instanceof Uint8Array) return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  throw new OptionError(`bytes is ${show(bytes)}, expected a Uint8Array or an ArrayBuffer`);
}

/** Text of a part of a file; undefined where it is no UTF-8. */
export function textOf(view: DataView, begin: number, end: number): string | undefined {
  // a copy, because decoders of several hosts refuse shared memory
  const bytes = new Uint8Array(view.buffer, view.byteOffset + begin, end - begin).slice();
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
