// Depthwise convolution, channels last: every channel meets its own kernel.
//
//   y[p][c] = clamp(bias[c] + addend[p][c] + sum over taps t of image[window(p) + t][c] * weights[t][c])
//
// A tile is four neighbouring pixels of an output row times four channels; kernel rows are looped. Where the kernel's width and stride are known,
// an input vector is loaded once for all the taps it meets: 4 accumulators, kw weights, 1 input. Channels lie innermost, so that whole cache lines
// pass; weights [taps][channels], their channels rounded up to four. The last tile of a row overlaps the one before it and stores what is new.
import { clamp, madd, storeLanes } from "../simd/vector";
import { Geometry } from "./geometry";

/** Operands of one call. */
@unmanaged
export class Depthwise {
  image: usize;
  weights: usize;
  /** As many floats as `weights` has channels. */
  bias: usize;
  /** Laid out as y; 0 for none. */
  addend: usize;
  y: usize;
}

/** acc + x * (weight k of the kernel row), or acc where tap k does not exist. All but x and acc are literals or registers. */
@inline
function tap(k: i32, kw: i32, x: v128, acc: v128, w0: v128, w1: v128, w2: v128, w3: v128, w4: v128): v128 {
  if (k < 0 || k >= kw) return acc;
  if (k == 0) return madd(x, w0, acc);
  if (k == 1) return madd(x, w1, acc);
  if (k == 2) return madd(x, w2, acc);
  if (k == 3) return madd(x, w3, acc);
  return madd(x, w4, acc);
}

/** Stores `lanes` (1 to 4) channels of the pixels from number `from` to before `to`, `step` bytes apart. */
function putSome(y: usize, step: usize, a0: v128, a1: v128, a2: v128, a3: v128, from: i32, to: i32, lanes: i32): void {
  if (from < 1) storeLanes(y, a0, a0, lanes);
  if (from < 2 && to > 1) storeLanes(y + step, a1, a1, lanes);
  if (from < 3 && to > 2) storeLanes(y + 2 * step, a2, a2, lanes);
  if (to > 3) storeLanes(y + 3 * step, a3, a3, lanes);
}

/** Finishes a tile: pixels [from, to) of its four, `step` bytes apart, of which `room` bytes of channels are left to store. */
@inline
function put(y: usize, addend: usize, lo: v128, hi: v128, step: usize, room: usize, a0: v128, a1: v128, a2: v128, a3: v128, from: i32, to: i32): void {
  if (addend) {
    a0 = f32x4.add(a0, v128.load(addend));
    if (to > 1) a1 = f32x4.add(a1, v128.load(addend + step));
    if (to > 2) a2 = f32x4.add(a2, v128.load(addend + 2 * step));
    if (to > 3) a3 = f32x4.add(a3, v128.load(addend + 3 * step));
  }
  a0 = clamp(a0, lo, hi); a1 = clamp(a1, lo, hi); a2 = clamp(a2, lo, hi); a3 = clamp(a3, lo, hi);
  if (to - from == 4 && room >= 16) {
    v128.store(y, a0);
    v128.store(y + step, a1);
    v128.store(y + 2 * step, a2);
    v128.store(y + 3 * step, a3);
  } else putSome(y, step, a0, a1, a2, a3, from, to, min(4, <i32>(room >> 2)));
}

/** Where row r, numbered z, y, of one output image starts; its pixels stand g.yW floats apart. */
@inline
function outputRow(g: Geometry, r: i32): usize {
  return <usize>(r / g.oh * g.yD + r % g.oh * g.yH) * 4;
}

/** Output row r of one image: where its first window starts in the padded image. */
@inline
function windowRow(g: Geometry, r: i32, row: usize, plane: usize): usize {
  return <usize>(r / g.oh * g.sd) * plane + <usize>(r % g.oh * g.sh) * row;
}

/** Output rows [begin, end), numbered z, y, for kernels kw (3 or 5) wide with horizontal stride s (1 or 2), dense in w, ow >= 4. kw and s are literals. */
@inline
function rows(kw: i32, s: i32, g: Geometry, d: Depthwise, begin: i32, end: i32): void {
  const channels = g.oc, pixel = <usize>channels * 4, wide = <usize>((channels + 3) & ~3) * 4;
  const row = <usize>(g.pw + g.iw + g.pwEnd) * pixel, plane = <usize>(g.ph + g.ih + g.phEnd) * row;
  const rowStep = <usize>g.dh * row, planeStep = <usize>g.dd * plane - <usize>g.kh * rowStep, outStep = <usize>g.yW * 4;
  const lo = v128.load32_splat(changetype<usize>(g), offsetof<Geometry>("lo")), hi = v128.load32_splat(changetype<usize>(g), offsetof<Geometry>("hi"));
  for (let r = begin; r < end; r++) {
    const first = d.image + windowRow(g, r, row, plane), line = outputRow(g, r);
    for (let next = 0; next < g.ow; next += 4) {
      const x = min(next, g.ow - 4), skip = next - x;
      const out = line + <usize>x * outStep;
      let from = first + <usize>(x * s) * pixel;
      for (let c: usize = 0; c < pixel; c += 16) {
        let w = d.weights + c, p = from, planes = g.kd;
        let a0 = v128.load(d.bias + c), a1 = a0, a2 = a0, a3 = a0;
        do {
          let kernelRows = g.kh;
          do {
            let v = w;
            const w0 = v128.load(v), w1 = v128.load(v += wide), w2 = v128.load(v += wide);
            let w3 = w0, w4 = w0;
            if (kw > 3) { w3 = v128.load(v += wide); w4 = v128.load(v += wide); }
            w = v + wide;
            let q = p, t = v128.load(q);
            a0 = tap(0, kw, t, a0, w0, w1, w2, w3, w4);
            t = v128.load(q += pixel);
            a0 = tap(1, kw, t, a0, w0, w1, w2, w3, w4); a1 = tap(1 - s, kw, t, a1, w0, w1, w2, w3, w4);
            t = v128.load(q += pixel);
            a0 = tap(2, kw, t, a0, w0, w1, w2, w3, w4); a1 = tap(2 - s, kw, t, a1, w0, w1, w2, w3, w4); a2 = tap(2 - 2 * s, kw, t, a2, w0, w1, w2, w3, w4);
            t = v128.load(q += pixel);
            a0 = tap(3, kw, t, a0, w0, w1, w2, w3, w4); a1 = tap(3 - s, kw, t, a1, w0, w1, w2, w3, w4); a2 = tap(3 - 2 * s, kw, t, a2, w0, w1, w2, w3, w4); a3 = tap(3 - 3 * s, kw, t, a3, w0, w1, w2, w3, w4);
            t = v128.load(q += pixel);
            a0 = tap(4, kw, t, a0, w0, w1, w2, w3, w4); a1 = tap(4 - s, kw, t, a1, w0, w1, w2, w3, w4); a2 = tap(4 - 2 * s, kw, t, a2, w0, w1, w2, w3, w4); a3 = tap(4 - 3 * s, kw, t, a3, w0, w1, w2, w3, w4);
            t = v128.load(q += pixel);
            a1 = tap(5 - s, kw, t, a1, w0, w1, w2, w3, w4); a2 = tap(5 - 2 * s, kw, t, a2, w0, w1, w2, w3, w4); a3 = tap(5 - 3 * s, kw, t, a3, w0, w1, w2, w3, w4);
            if (3 * s + kw > 6) {
              t = v128.load(q += pixel);
              a1 = tap(6 - s, kw, t, a1, w0, w1, w2, w3, w4); a2 = tap(6 - 2 * s, kw, t, a2, w0, w1, w2, w3, w4); a3 = tap(6 - 3 * s, kw, t, a3, w0, w1, w2, w3, w4);
              t = v128.load(q += pixel);
              a2 = tap(7 - 2 * s, kw, t, a2, w0, w1, w2, w3, w4); a3 = tap(7 - 3 * s, kw, t, a3, w0, w1, w2, w3, w4);
            }
            if (3 * s + kw > 8) {
              t = v128.load(q += pixel);
              a2 = tap(8 - 2 * s, kw, t, a2, w0, w1, w2, w3, w4); a3 = tap(8 - 3 * s, kw, t, a3, w0, w1, w2, w3, w4);
            }
            if (3 * s + kw > 9) {
              t = v128.load(q += pixel);
              a3 = tap(9 - 3 * s, kw, t, a3, w0, w1, w2, w3, w4);
              t = v128.load(q + pixel);
              a3 = tap(10 - 3 * s, kw, t, a3, w0, w1, w2, w3, w4);
            }
            p += rowStep;
          } while (--kernelRows);
          p += planeStep;
        } while (--planes);
        put(d.y + out + c, d.addend ? d.addend + out + c : 0, lo, hi, outStep, pixel - c, a0, a1, a2, a3, skip, 4);
        from += 16;
      }
    }
  }
}

export function depthwise3s1(g: Geometry, d: Depthwise, begin: i32, end: i32): void { rows(3, 1, g, d, begin, end); }
export function depthwise3s2(g: Geometry, d: Depthwise, begin: i32, end: i32): void { rows(3, 2, g, d, begin, end); }
export function depthwise5s1(g: Geometry, d: Depthwise, begin: i32, end: i32): void { rows(5, 1, g, d, begin, end); }
export function depthwise5s2(g: Geometry, d: Depthwise, begin: i32, end: i32): void { rows(5, 2, g, d, begin, end); }

/** The same for every kernel, stride and dilation: one load of the input for each product. Pixels past the row's end repeat its last one unstored. */
export function depthwiseAny(g: Geometry, d: Depthwise, begin: i32, end: i32): void {
  const channels = g.oc, pixel = <usize>channels * 4, wide = <usize>((channels + 3) & ~3) * 4;
  const row = <usize>(g.pw + g.iw + g.pwEnd) * pixel, plane = <usize>(g.ph + g.ih + g.phEnd) * row;
  const rowStep = <usize>g.dh * row, planeStep = <usize>g.dd * plane - <usize>g.kh * rowStep, outStep = <usize>g.yW * 4;
  const step = <usize>g.sw * pixel, tapStep = <usize>g.dw * pixel;
  const lo = v128.load32_splat(changetype<usize>(g), offsetof<Geometry>("lo")), hi = v128.load32_splat(changetype<usize>(g), offsetof<Geometry>("hi"));
  for (let r = begin; r < end; r++) {
    const first = d.image + windowRow(g, r, row, plane), line = outputRow(g, r);
    for (let x = 0; x < g.ow; x += 4) {
      const count = min(4, g.ow - x), out = line + <usize>x * outStep;
      const s1: usize = count > 1 ? step : 0, s2: usize = count > 2 ? 2 * step : 0, s3: usize = count > 3 ? 3 * step : 0;
      let from = first + <usize>x * step;
      for (let c: usize = 0; c < pixel; c += 16) {
        let w = d.weights + c, p = from, planes = g.kd;
        let a0 = v128.load(d.bias + c), a1 = a0, a2 = a0, a3 = a0;
        do {
          let kernelRows = g.kh;
          do {
            let q = p, taps = g.kw;
            do {
              const t = v128.load(w);
              a0 = madd(v128.load(q), t, a0);
              a1 = madd(v128.load(q + s1), t, a1);
              a2 = madd(v128.load(q + s2), t, a2);
              a3 = madd(v128.load(q + s3), t, a3);
              q += tapStep;
              w += wide;
            } while (--taps);
            p += rowStep;
          } while (--kernelRows);
          p += planeStep;
        } while (--planes);
        put(d.y + out + c, d.addend ? d.addend + out + c : 0, lo, hi, outStep, pixel - c, a0, a1, a2, a3, 0, count);
        from += 16;
      }
    }
  }
}

/** Every channel of `pixels` pixels `times` over: the image that a channel multiplier reads. */
export function repeatChannels(to: usize, from: usize, pixels: i32, channels: i32, times: i32): void {
  for (const end = from + <usize>(pixels * channels) * 4; from < end; from += 4) {
    const value = load<f32>(from);
    for (let i = 0; i < times; i++, to += 4) store<f32>(to, value);
  }
}
