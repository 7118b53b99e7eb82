/** Of something that is counted. */
export type Range = readonly [begin: number, end: number];

/** [0, all) in ranges of `size`, the last one perhaps shorter. */
export const rangesOf = (all: number, size: number): Range[] =>
  Array.from({ length: Math.ceil(all / size) }, (_, i) => [i * size, Math.min(all, (i + 1) * size)]);
