import type { Fill } from './config.js';

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
