import type { Edits, Fill } from './config.js';

/** Small integers, the same for the same seed: sums of their products are exact in any order. */
export function fillOf(length: number, fill: Fill, seed: number, most: number): Float32Array {
  if (fill === 'ones') return new Float32Array(length).fill(1);
  if (fill === 'counting') return Float32Array.from({ length }, (_, i) => i + 1);
  let state = Math.imul(seed, 0x9e3779b1) >>> 0 || 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 8; i++) next();
  return Float32Array.from({ length }, () => Math.floor(next() * (2 * most + 1)) - most);
}

/** Least and most of a number that is set, up or down. */
export const MOST_EDIT = 999;

/** Puts the numbers that somebody set into planes of a shape; those outside wait until there is a place for them. */
export function withEdits(numbers: Float32Array, [a, b, rows, columns]: readonly number[], edits: Edits): Float32Array {
  for (const [at, value] of edits) {
    const [plane, row, column] = at.split('.').map(Number);
    if (plane < a * b && row < rows && column < columns) numbers[(plane * rows + row) * columns + column] = value;
  }
  return numbers;
}
