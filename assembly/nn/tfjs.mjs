/**
 * Kernels that `stridewise/tfjs` calls, of those that stand beside the ones of the default entry; it carries no others.
 * (With all of them it is 5 KB larger, compressed.)
 */
export const ofTfjs = [
  'activate',
  'elementwise',
  'gather',
  'interpolateLinear',
  'lineColumns',
  'permute',
  'reduce',
  'roundSums',
  'softmaxRows',
  'sortFours',
];
