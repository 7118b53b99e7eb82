import type { ConvProblem } from '../types.js';

/**
 * The problem the other way round, gradY to gradX: what a stride-1 convolution of the same kernel needs, with no
 * padding yet.
 */
export const transposedProblem = (p: ConvProblem): ConvProblem => ({
  ...p,
  ...{ ic: p.oc, oc: p.ic, id: p.od, ih: p.oh, iw: p.ow, od: p.id, oh: p.ih, ow: p.iw },
  ...{ sd: 1, sh: 1, sw: 1, pd: 0, ph: 0, pw: 0, pdEnd: 0, phEnd: 0, pwEnd: 0 },
  ...{ xShape: p.yShape, yShape: p.xShape, paddingMode: 'zeros', algorithm: undefined },
});
