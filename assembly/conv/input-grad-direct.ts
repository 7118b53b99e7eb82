// The input gradient by its definition, one cell of gradX at a time, on the caller's own layout: zero padding, nothing
// packed, no scratch. Sums are f64. The other kernels are tested against it.
//
//   gradX[i] = clamp(bias + addend + sum over k, o with o s + k d - p = i of gradY[o] * weight[k])
import { Geometry } from "./geometry";

/** Position o whose tap k, `reach` = k d cells on, falls on cell i; -1 when there is none. */
@inline
function positionOf(i: i32, reach: i32, stride: i32, padding: i32, extent: i32): i32 {
  const t = i + padding - reach;
  return t >= 0 && t % stride == 0 && t / stride < extent ? t / stride : -1;
}

/**
 * Cells [begin, end) of gradX, numbered n, ic, z, y, x. `bias` (one per input channel) and `addend` (laid out as gradX,
 * may be gradX) may be 0.
 */
export function convInputGradDirect(
  g: Geometry, gradY: usize, weight: usize, bias: usize, addend: usize, gradX: usize, begin: i32, end: i32,
): void {
  const icg = g.ic / g.groups, ocg = g.oc / g.groups, taps = g.kd * g.kh * g.kw;
  for (let cell = begin; cell < end; cell++) {
    let rest = cell;
    const ix = rest % g.iw; rest /= g.iw;
    const iy = rest % g.ih; rest /= g.ih;
    const iz = rest % g.id; rest /= g.id;
    const c = rest % g.ic, n = rest / g.ic, o = c / icg * ocg;
    const image = gradY + <usize>(n * g.yN + o * g.yC) * 4;
    const filter = weight + <usize>(o * g.weightO + c % icg * g.weightC) * 4;
    let sum: f64 = bias ? load<f32>(bias + <usize>c * 4) : 0;
    for (let kz = 0; kz < g.kd; kz++) {
      const oz = positionOf(iz, kz * g.dd, g.sd, g.pd, g.od);
      if (oz < 0) continue;
      for (let ky = 0; ky < g.kh; ky++) {
        const oy = positionOf(iy, ky * g.dh, g.sh, g.ph, g.oh);
        if (oy < 0) continue;
        for (let kx = 0; kx < g.kw; kx++) {
          const ox = positionOf(ix, kx * g.dw, g.sw, g.pw, g.ow);
          if (ox < 0) continue;
          const tap = (kz * g.kh + ky) * g.kw + kx, flipped = g.flipKernel ? taps - 1 - tap : tap;
          let p = image + <usize>(oz * g.yD + oy * g.yH + ox * g.yW) * 4;
          let w = filter + <usize>(flipped * g.weightTap) * 4;
          for (let j = 0; j < ocg; j++) {
            sum += <f64>load<f32>(p) * load<f32>(w);
            p += <usize>g.yC * 4;
            w += <usize>g.weightO * 4;
          }
        }
      }
    }
    const at = <usize>(n * g.xN + c * g.xC + iz * g.xD + iy * g.xH + ix * g.xW) * 4;
    if (addend) sum += load<f32>(addend + at);
    if (sum < g.lo) sum = g.lo;
    if (sum > g.hi) sum = g.hi;
    store<f32>(gradX + at, <f32>sum);
  }
}
