// The weight gradient by its definition, one weight at a time, on the caller's own layout: any problem, nothing packed,
// nothing padded, no scratch. Sums are f64. The other kernels are tested against it.
import { Geometry, sourceOf } from "./geometry";

/** Weights [begin, end), numbered o, c, tap. */
export function weightGradDirect(
  g: Geometry, x: usize, y: usize, weight: usize, accumulate: i32, begin: i32, end: i32,
): void {
  const icg = g.ic / g.groups, ocg = g.oc / g.groups, taps = g.kd * g.kh * g.kw;
  for (let position = begin; position < end; position++) {
    const tap = position % taps, c = position / taps % icg, o = position / taps / icg;
    const kx = tap % g.kw, ky = tap / g.kw % g.kh, kz = tap / g.kw / g.kh;
    let sum: f64 = 0;
    for (let n = 0; n < g.n; n++) {
      const image = x + <usize>(n * g.xN + (o / ocg * icg + c) * g.xC) * 4;
      const result = y + <usize>(n * g.yN + o * g.yC) * 4;
      for (let oz = 0; oz < g.od; oz++) {
        const iz = sourceOf(oz * g.sd + kz * g.dd - g.pd, g.id, g.paddingMode);
        if (iz < 0) continue;
        for (let oy = 0; oy < g.oh; oy++) {
          const iy = sourceOf(oy * g.sh + ky * g.dh - g.ph, g.ih, g.paddingMode);
          if (iy < 0) continue;
          for (let ox = 0; ox < g.ow; ox++) {
            const ix = sourceOf(ox * g.sw + kx * g.dw - g.pw, g.iw, g.paddingMode);
            if (ix < 0) continue;
            const from = image + <usize>(iz * g.xD + iy * g.xH + ix * g.xW) * 4;
            sum += load<f32>(from) * load<f32>(result + <usize>(oz * g.yD + oy * g.yH + ox * g.yW) * 4);
          }
        }
      }
    }
    const flipped = g.flipKernel ? taps - 1 - tap : tap;
    const at = weight + <usize>(o * g.weightO + c * g.weightC + flipped * g.weightTap) * 4;
    store<f32>(at, <f32>(accumulate ? load<f32>(at) + sum : sum));
  }
}
