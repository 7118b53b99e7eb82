// Activations that are exponential: made of 2^t, where t is x times a scale, within bounds.
import { clamp, storeLanes } from "../simd/vector";
import { A0, A1, A2, A3, A4, A5, A6, B1, B2, B3, B4, END, fixed, LEAST } from "./constants";
import { MAGIC, P1, P2, P3, P4, P5, unit } from "./constants";
import { normal } from "./gelu";
import { ELU, GELU, GELU_TANH, MISH, SIGMOID, SILU, SOFTPLUS, TANH } from "./kinds";
import { power, powerLess1 } from "./math";

const LN2: f32 = 0.6931471805599453;
/** t of GELU_TANH, which is x / (1 + 2^t), is x (ROOT + CUBE ROOT x^2). */
const ROOT: f32 = -2.302208198144325, CUBE: f32 = 0.044715;

/** log2(e). */
const LOG2: f32 = 1.4426950408889634;

/** t by x, or by x^2. */
@inline
function scaleOf(kind: i32): f32 {
  switch (kind) {
    case SIGMOID: case SILU: case SOFTPLUS: return -LOG2;
    case TANH: return 2 * LOG2;
    case GELU: return -0.5 * LOG2;
    case GELU_TANH: return ROOT;
    default: return LOG2;
  }
}

/** Whether t may be above 0. */
@inline
function isBounded(kind: i32, isGrad: bool): bool {
  return kind != GELU && (kind != SOFTPLUS || isGrad);
}

/** Where t ends: beyond, nothing changes. */
@inline
function mostOf(kind: i32): f32 {
  switch (kind) {
    case ELU: return 0;
    case TANH: return 30;
    case MISH: return 20;
    default: return 128;
  }
}

/**
 * The activations that are exponential, e^-|x| of SOFTPLUS, and with `isGrad` the derivatives by x of those that need
 * it, times g.
 */
@inline
export function exponential(
  kind: i32, isGrad: bool, to: usize, gradient: usize, x: usize, count: i32, p: v128, q: v128,
): void {
  const u = unit(), one = f32x4.splat(u), two = f32x4.add(one, one), magic = MAGIC();
  const p1 = P1(), p2 = P2(), p3 = P3(), p4 = P4(), p5 = P5();
  const least = LEAST();
  const scale = fixed(scaleOf(kind), u), cubic = fixed(CUBE * scaleOf(kind), u), most = fixed(mostOf(kind), u);
  const ln2 = fixed(LN2, u);
  const isNormal = kind == GELU;
  const a0 = isNormal ? A0() : one, a1 = isNormal ? A1() : one, a2 = isNormal ? A2() : one, a3 = isNormal ? A3() : one;
  const a4 = isNormal ? A4() : one, a5 = isNormal ? A5() : one, a6 = isNormal ? A6() : one, b1 = isNormal ? B1() : one;
  const b2 = isNormal ? B2() : one, b3 = isNormal ? B3() : one, b4 = isNormal ? B4() : one, half = fixed(0.5, u);
  const end = isNormal || isGrad ? END() : one, minusEnd = f32x4.neg(end), peak = fixed(0.3989422804014327, u);
  if (count <= 0) return;
  let y: v128;
  for (; ; count -= 4, x += 16, to += 16) {
    let v = v128.load(x);
    if (kind == GELU_TANH && isGrad) v = clamp(v, minusEnd, end);
    const square = f32x4.mul(v, v);
    let by = scale, base = v;
    if (kind == GELU_TANH) by = f32x4.add(scale, f32x4.mul(cubic, square));
    else if (kind == GELU) base = square;
    else if (kind == SOFTPLUS && !isGrad) base = f32x4.abs(v);
    let t = f32x4.pmax(f32x4.mul(base, by), least);
    if (isBounded(kind, isGrad)) t = f32x4.pmin(t, most);
    if (kind == ELU || kind == TANH) {
      const e = powerLess1(t, one, magic, p1, p2, p3, p4, p5);
      if (kind == TANH) y = f32x4.div(e, f32x4.add(e, two));
      else y = f32x4.mul(q, f32x4.add(f32x4.pmax(v, f32x4.splat(0)), f32x4.mul(p, e)));
    } else if (kind == GELU) {
      const share = normal(clamp(v, minusEnd, end), one, half, a0, a1, a2, a3, a4, a5, a6, b1, b2, b3, b4);
      if (isGrad) {
        const density = f32x4.mul(power(t, one, magic, p1, p2, p3, p4, p5), peak);
        y = f32x4.add(share, f32x4.mul(v, density));
      } else y = f32x4.mul(v, share);
    } else {
      const e = power(t, one, magic, p1, p2, p3, p4, p5);
      if (kind == SOFTPLUS && !isGrad) y = e;
      else if (kind == MISH) {
        // tanh(log(1 + e)) = n / (n + 2)
        const n = f32x4.mul(e, f32x4.add(e, two)), m = f32x4.add(n, two);
        if (isGrad) {
          const r = f32x4.div(one, m), slope = f32x4.mul(f32x4.mul(f32x4.mul(e, f32x4.add(e, one)), r), t);
          const four = f32x4.add(f32x4.add(slope, slope), f32x4.add(slope, slope));
          y = f32x4.mul(r, f32x4.add(n, f32x4.mul(four, ln2)));
        } else y = f32x4.mul(v, f32x4.div(n, m));
      } else if (isGrad) {
        const s = f32x4.div(one, f32x4.add(one, e)), r = f32x4.sub(one, s);
        // the logarithm of e by what t is of x
        if (kind == SILU) y = f32x4.mul(s, f32x4.sub(one, f32x4.mul(f32x4.mul(t, ln2), r)));
        else if (kind == GELU_TANH) {
          const slope = f32x4.add(scale, f32x4.mul(f32x4.add(cubic, f32x4.add(cubic, cubic)), square));
          y = f32x4.mul(s, f32x4.sub(one, f32x4.mul(f32x4.mul(f32x4.mul(slope, ln2), v), r)));
        } else y = s;
      } else y = f32x4.div(kind == SIGMOID ? one : v, f32x4.add(one, e));
    }
    if (isGrad) {
      y = f32x4.mul(y, v128.load(gradient));
      gradient += 16;
    }
    if (count <= 4) break;
    v128.store(to, y);
  }
  storeLanes(to, y, y, count);
}
