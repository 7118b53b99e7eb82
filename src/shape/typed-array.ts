import { ShapeError } from '../errors.js';
import { show } from './show.js';

/** A copy of numbers. */
export function floats(values: readonly unknown[], operand: string): Float32Array {
  const copy = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (typeof value !== 'number') throw new ShapeError(`${operand}[${i}] is ${show(value)}, expected a number`);
    copy[i] = value;
  }
  return copy;
}

/** Class name of a typed array of any realm. */
export function typeName(value: unknown): string | undefined {
  return ArrayBuffer.isView(value) ? (value as Float32Array)[Symbol.toStringTag] : undefined;
}

export function refuseDetached(name: string, data: Float32Array | Int32Array): void {
  // Only a detached buffer refuses a new view; `ArrayBuffer.detached` is younger than some engines we run on.
  if (data.length > 0) return;
  try {
    new Uint8Array(data.buffer);
  } catch {
    throw new ShapeError(`${name} is detached: its buffer was transferred or its memory has grown`);
  }
}
