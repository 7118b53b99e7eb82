// Activations made of a quotient of 2^t, where t is x times a scale, within bounds. 2^t is itself a quotient, e / d:
// both share one division.
import { clamp, storeLanes } from "../simd/vector";
import { E0, END, fixed, LEAST, MAGIC, O0, O1, unit } from "./constants";
import { GELU_TANH, MISH, SIGMOID, SILU, SOFTPLUS, TANH } from "./kinds";

const LN2: f32 = 0.6931471805599453, LOG2: f32 = 1.4426950408889634;
/** t of GELU_TANH, which is x / (1 + 2^t), is x (ROOT + CUBE ROOT x^2). */
const ROOT: f32 = -2.302208198144325, CUBE: f32 = 0.044715;

/** t by x. */
@inline
function scaleOf(kind: i32): f32 {
  switch (kind) {
    case TANH: return 2 * LOG2;
    case MISH: return LOG2;
    case GELU_TANH: return ROOT;
    default: return -LOG2;
  }
}

/** Where t ends: beyond, nothing changes. */
@inline
function mostOf(kind: i32): f32 { return kind == TANH ? 30 : kind == MISH ? 20 : 128; }

/**
 * The activations, e / (e + 2 d) of e^-|x| for SOFTPLUS, and with `isGrad` the derivatives by x of those that need it,
 * times g.
 */
@inline
export function quotient(kind: i32, isGrad: bool, to: usize, gradient: usize, x: usize, count: i32): void {
  const u = unit(), one = f32x4.splat(u), two = f32x4.add(one, one), magic = MAGIC(), least = LEAST();
  const scale = fixed(scaleOf(kind), u), cubic = fixed(CUBE * scaleOf(kind), u), most = fixed(mostOf(kind), u);
  const e0 = E0(), o0 = O0(), o1 = O1(), ln2 = fixed(LN2, u);
  const end = isGrad ? END() : one, minusEnd = f32x4.neg(end);
  if (count <= 0) return;
  let y: v128;
  for (; ; count -= 4, x += 16, to += 16) {
    let v = v128.load(x), by = scale;
    if (kind == GELU_TANH && isGrad) v = clamp(v, minusEnd, end);
    const square = f32x4.mul(v, v);
    if (kind == GELU_TANH) by = f32x4.add(scale, f32x4.mul(cubic, square));
    const isSoftplus = kind == SOFTPLUS && !isGrad;
    let t = f32x4.mul(isSoftplus || kind == TANH ? f32x4.abs(v) : v, by);
    if (kind != TANH) t = f32x4.pmax(t, least);
    if (!isSoftplus) t = f32x4.pmin(t, most);
    const n = f32x4.add(t, magic), f = f32x4.sub(t, f32x4.sub(n, magic)), z = f32x4.mul(f, f);
    const even = f32x4.add(z, e0), odd = f32x4.mul(f, f32x4.add(f32x4.mul(o1, z), o0)), s = i32x4.shl(n, 23);
    const d = f32x4.sub(even, odd);
    if (kind == TANH) {
      // (e - d) / (e + d) of |x|, where e - d loses nothing near 0
      const p = f32x4.add(f32x4.mul(f32x4.sub(s, one), even), f32x4.mul(f32x4.add(s, one), odd));
      y = f32x4.div(p, f32x4.add(p, f32x4.add(d, d)));
      y = v128.or(y, v128.and(v, f32x4.neg(f32x4.splat(0))));
    } else {
      const e = f32x4.mul(f32x4.add(even, odd), s), whole = f32x4.add(d, e);
      if (isSoftplus) y = f32x4.div(e, f32x4.add(whole, d));
      else if (kind == MISH && isGrad) {
        // tanh(log(1 + p)) = n / (n + 2)
        const p = f32x4.div(e, d), n = f32x4.mul(p, f32x4.add(p, two)), r = f32x4.div(one, f32x4.add(n, two));
        const slope = f32x4.mul(f32x4.mul(f32x4.mul(p, f32x4.add(p, one)), r), t);
        const four = f32x4.add(f32x4.add(slope, slope), f32x4.add(slope, slope));
        y = f32x4.mul(r, f32x4.add(n, f32x4.mul(four, ln2)));
      } else if (kind == MISH) {
        const n = f32x4.mul(e, f32x4.add(whole, d)), half = f32x4.mul(d, d);
        y = f32x4.mul(v, f32x4.div(n, f32x4.add(n, f32x4.add(half, half))));
      } else {
        y = f32x4.div(d, whole);
        // the logarithm of 2^t by what t is of x
        const r = f32x4.sub(one, y);
        if (kind == SILU && isGrad) y = f32x4.mul(y, f32x4.sub(one, f32x4.mul(f32x4.mul(t, ln2), r)));
        else if (kind == GELU_TANH && isGrad) {
          const slope = f32x4.add(scale, f32x4.mul(f32x4.add(cubic, f32x4.add(cubic, cubic)), square));
          y = f32x4.mul(y, f32x4.sub(one, f32x4.mul(f32x4.mul(f32x4.mul(slope, ln2), v), r)));
        } else if (kind == SILU || kind == GELU_TANH) y = f32x4.mul(v, y);
      }
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
