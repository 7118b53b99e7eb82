import type { ConvProblem } from '../types.js';

/** Extents of the padded image. */
export const paddedExtents = (p: ConvProblem) => ({
  id: p.pd + p.id + p.pdEnd,
  ih: p.ph + p.ih + p.phEnd,
  iw: p.pw + p.iw + p.pwEnd,
});

/** The same problem over an image that is padded already. */
export const overPadded = (p: ConvProblem): ConvProblem => ({
  ...p,
  ...paddedExtents(p),
  ...{ pd: 0, ph: 0, pw: 0, pdEnd: 0, phEnd: 0, pwEnd: 0 },
});
