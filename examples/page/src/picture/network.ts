import { tensor } from 'stridewise';
import { gaborAndEmbossing } from '../../../picture/filters.js';
import type { Filter } from './work.js';

/** Uniform numbers in [-1, 1), the same ones every time. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 31 - 1;
  };
}

/** Weights of the size that keeps the spread of what passes through (He et al. 2015). */
function drawn(oc: number, ic: number, seed: number) {
  const next = random(seed);
  const spread = Math.sqrt(6 / (ic * 9));
  return tensor(
    Float32Array.from({ length: oc * ic * 9 }, () => next() * spread),
    [oc, ic, 3, 3],
  );
}

/** Grey of a sum of nothing. */
const MIDDLE = 0.5;

/**
 * Three layers as networks have them, untrained: Gabor waves, a mixture at half size, and three of its planes as
 * colours.
 */
export function network(): Filter {
  const same = { padding: 'same', paddingMode: 'reflect' } as const;
  return {
    steps: [
      { weight: gaborAndEmbossing(), options: same, relu: true },
      { weight: drawn(32, 32, 5), options: { ...same, stride: 2 }, relu: true },
      { weight: drawn(3, 32, 11), options: { ...same, bias: new Float32Array(3).fill(MIDDLE) }, relu: false },
    ],
    toPicture: (y) => y,
  };
}
