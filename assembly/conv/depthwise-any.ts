// The tile of a depthwise convolution where taps share nothing.
import { clamp, madd } from "../simd/vector";
import { DepthwiseTile, KERNEL_ROW } from "./depthwise-tile";

/** Any kernel, stride and dilation: four pixels of eight channels, one load of the input for each product. */
@apart export function depthwiseAny(t: DepthwiseTile): void {
  const vector = t.weightsStep, tap = t.tap, yStep = t.yStep, rowsEnd = t.rowsEnd, last = t.last;
  let weights = t.weights;
  const s1 = min<usize>(t.step, t.lastStep), s2 = min<usize>(2 * t.step, t.lastStep);
  const s3 = min<usize>(3 * t.step, t.lastStep);
  const lo = v128.load32_splat(changetype<usize>(t), offsetof<DepthwiseTile>("lo"));
  const hi = v128.load32_splat(changetype<usize>(t), offsetof<DepthwiseTile>("hi"));
  for (let c = 0; ; c += 32, weights += 2 * vector) {
    if (c > last) {
      c = last;
      weights = t.lastWeights;
    }
    let a0 = v128.load(t.bias + c), b0 = v128.load(t.bias + c, 16);
    let a1 = a0, b1 = b0, a2 = a0, b2 = b0, a3 = a0, b3 = b0;
    const from = t.from + c;
    for (let rows = t.rows; rows < rowsEnd; rows += KERNEL_ROW) {
      let q = from + load<usize>(rows, 4), w = weights + load<usize>(rows), taps = t.kw;
      do {
        const u = v128.load(w), v = v128.load(w + vector);
        a0 = madd(v128.load(q), u, a0); b0 = madd(v128.load(q, 16), v, b0);
        a1 = madd(v128.load(q + s1), u, a1); b1 = madd(v128.load(q + s1, 16), v, b1);
        a2 = madd(v128.load(q + s2), u, a2); b2 = madd(v128.load(q + s2, 16), v, b2);
        a3 = madd(v128.load(q + s3), u, a3); b3 = madd(v128.load(q + s3, 16), v, b3);
        q += tap;
        w += 16;
      } while (--taps);
    }
    let y = t.y + c;
    if (t.adds) {
      let q = y + t.addend;
      a0 = f32x4.add(a0, v128.load(q)); b0 = f32x4.add(b0, v128.load(q, 16));
      q += yStep; a1 = f32x4.add(a1, v128.load(q)); b1 = f32x4.add(b1, v128.load(q, 16));
      q += yStep; a2 = f32x4.add(a2, v128.load(q)); b2 = f32x4.add(b2, v128.load(q, 16));
      q += yStep; a3 = f32x4.add(a3, v128.load(q)); b3 = f32x4.add(b3, v128.load(q, 16));
    }
    v128.store(y, clamp(a0, lo, hi)); v128.store(y, clamp(b0, lo, hi), 16);
    y += yStep; v128.store(y, clamp(a1, lo, hi)); v128.store(y, clamp(b1, lo, hi), 16);
    y += yStep; v128.store(y, clamp(a2, lo, hi)); v128.store(y, clamp(b2, lo, hi), 16);
    y += yStep; v128.store(y, clamp(a3, lo, hi)); v128.store(y, clamp(b3, lo, hi), 16);
    if (c == last) break;
  }
}
