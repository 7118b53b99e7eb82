// The definition, one output at a time, on the caller's own layout: any problem, nothing packed, nothing padded, no
// scratch. Sums are f64. The other kernels are tested against it.
import { Geometry, sourceOf } from "./geometry";

/** Output positions [begin, end), numbered n, oc, z, y, x. `bias` and `addend` (laid out as y) may be 0. */
export function convDirect(
  g: Geometry, x: usize, weight: usize, bias: usize, addend: usize, y: usize, begin: i32, end: i32,
): void {
  const icg = g.ic / g.groups, ocg = g.oc / g.groups, taps = g.kd * g.kh * g.kw;
  for (let position = begin; position < end; position++) {
    let rest = position;
    const ox = rest % g.ow; rest /= g.ow;
    const oy = rest % g.oh; rest /= g.oh;
    const oz = rest % g.od; rest /= g.od;
    const o = rest % g.oc, n = rest / g.oc;
    const image = x + <usize>(n * g.xN + o / ocg * icg * g.xC) * 4;
    let sum: f64 = bias ? load<f32>(bias + <usize>o * 4) : 0;
    for (let kz = 0; kz < g.kd; kz++) {
      const iz = sourceOf(oz * g.sd + kz * g.dd - g.pd, g.id, g.paddingMode);
      if (iz < 0) continue;
      for (let ky = 0; ky < g.kh; ky++) {
        const iy = sourceOf(oy * g.sh + ky * g.dh - g.ph, g.ih, g.paddingMode);
        if (iy < 0) continue;
        for (let kx = 0; kx < g.kw; kx++) {
          const ix = sourceOf(ox * g.sw + kx * g.dw - g.pw, g.iw, g.paddingMode);
          if (ix < 0) continue;
          const tap = (kz * g.kh + ky) * g.kw + kx, flipped = g.flipKernel ? taps - 1 - tap : tap;
          let p = image + <usize>(iz * g.xD + iy * g.xH + ix * g.xW) * 4;
          let w = weight + <usize>(o * g.weightO + flipped * g.weightTap) * 4;
          for (let c = 0; c < icg; c++) {
            sum += <f64>load<f32>(p) * load<f32>(w);
            p += <usize>g.xC * 4;
            w += <usize>g.weightC * 4;
          }
        }
      }
    }
    const at = <usize>(n * g.yN + o * g.yC + oz * g.yD + oy * g.yH + ox * g.yW) * 4;
    if (addend) sum += load<f32>(addend + at);
    if (sum < g.lo) sum = g.lo;
    if (sum > g.hi) sum = g.hi;
    store<f32>(y + at, <f32>sum);
  }
}
