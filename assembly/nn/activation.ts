// Activations and their gradients, elementwise. Gradients are made from y where that is enough (CLAMP to
// HARD_SIGMOID), else from x. What is exponential is made of 2^t, where t is x times a scale, within bounds.
import { clamp, storeLanes } from "../simd/vector";
import { A0, A1, A2, A3, A4, A5, A6, B1, B2, B3, B4, END, HALF, normal } from "./gelu";
import { exp, log1p, power, powerLess1, unitOf } from "./math";
import { L1, L2, L3, L4, LEAST, LOG2E, MAGIC, ONE, P1, P2, P3, P4, P5 } from "./math";

/** min(max(x, p), q); x > 0 ? x : p x; x > 0 ? q x : p q (e^x - 1). */
export const CLAMP: i32 = 0, LEAKY: i32 = 1, ELU: i32 = 2;
export const SIGMOID: i32 = 3, TANH: i32 = 4, HARD_SIGMOID: i32 = 5, HARD_SWISH: i32 = 6, SILU: i32 = 7;
export const MISH: i32 = 8, SOFTPLUS: i32 = 9, GELU: i32 = 10, GELU_TANH: i32 = 11, EXP: i32 = 12;

/** relu6(x + 3) / 6. */
@inline
function hardSigmoid(x: v128, three: v128, six: v128, sixth: v128): v128 {
  return f32x4.mul(clamp(f32x4.add(x, three), f32x4.splat(0), six), sixth);
}

@inline
function positive(x: v128): v128 { return f32x4.gt(x, f32x4.splat(0)); }

/** p: 3, q: 6, r: 1 / 6 for HARD_SIGMOID and HARD_SWISH. */
@inline
function simple(kind: i32, x: v128, p: v128, q: v128, r: v128): v128 {
  switch (kind) {
    case CLAMP: return clamp(x, p, q);
    case LEAKY: return v128.bitselect(x, f32x4.mul(p, x), positive(x));
    case HARD_SIGMOID: return hardSigmoid(x, p, q, r);
    default: return f32x4.mul(x, hardSigmoid(x, p, q, r));
  }
}

@inline
function simpleLoop(kind: i32, to: usize, x: usize, count: i32, p: v128, q: v128, r: v128): void {
  for (; count >= 16; count -= 16, x += 64, to += 64) {
    const a = v128.load(x), b = v128.load(x, 16), c = v128.load(x, 32), d = v128.load(x, 48);
    v128.store(to, simple(kind, a, p, q, r));
    v128.store(to, simple(kind, b, p, q, r), 16);
    v128.store(to, simple(kind, c, p, q, r), 32);
    v128.store(to, simple(kind, d, p, q, r), 48);
  }
  for (; count > 0; count -= 4, x += 16, to += 16) {
    const y = simple(kind, v128.load(x), p, q, r);
    if (count < 4) storeLanes(to, y, y, count);
    else v128.store(to, y);
  }
}

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

/** The activations that are exponential, and with `isGrad` the derivatives by x of those that need it, times g. */
@inline
function loop(
  kind: i32, isGrad: bool, to: usize, gradient: usize, x: usize, count: i32, p: v128, q: v128, unit: f32,
): void {
  const one = ONE(unit), two = f32x4.splat(2 * unit), magic = MAGIC(unit), log2e = LOG2E(unit);
  const p1 = P1(unit), p2 = P2(unit), p3 = P3(unit), p4 = P4(unit), p5 = P5(unit);
  const scale = f32x4.splat(scaleOf(kind) * unit), least = LEAST(unit), most = f32x4.splat(mostOf(kind) * unit);
  const cubic = f32x4.splat(CUBE * scaleOf(kind) * unit), ln2 = f32x4.splat(0.6931471805599453 * unit);
  const l1 = L1(unit), l2 = L2(unit), l3 = L3(unit), l4 = L4(unit);
  const a0 = A0(unit), a1 = A1(unit), a2 = A2(unit), a3 = A3(unit);
  const a4 = A4(unit), a5 = A5(unit), a6 = A6(unit), b1 = B1(unit);
  const b2 = B2(unit), b3 = B3(unit), b4 = B4(unit), half = HALF(unit);
  const end = END(unit), minusEnd = f32x4.neg(END(unit)), peak = f32x4.splat(0.3989422804014327 * unit);
  const ten = f32x4.splat(10 * unit), minusTen = f32x4.splat(-10 * unit);
  for (; count > 0; count -= 4, x += 16, to += 16) {
    let v = v128.load(x);
    if (kind == GELU_TANH && isGrad) v = clamp(v, minusTen, ten);
    const square = f32x4.mul(v, v);
    let by = scale, base = v;
    if (kind == GELU_TANH) by = f32x4.add(scale, f32x4.mul(cubic, square));
    else if (kind == GELU) base = square;
    else if (kind == SOFTPLUS && !isGrad) base = f32x4.abs(v);
    const t = clamp(f32x4.mul(base, by), least, most);
    let y: v128;
    if (kind == ELU || kind == TANH) {
      const e = powerLess1(t, one, magic, p1, p2, p3, p4, p5);
      if (kind == TANH) y = f32x4.div(e, f32x4.add(e, two));
      else y = f32x4.mul(q, f32x4.add(f32x4.pmax(v, f32x4.splat(0)), f32x4.mul(p, e)));
    } else if (kind == EXP) {
      y = exp(v, log2e, one, magic, p1, p2, p3, p4, p5);
    } else if (kind == GELU) {
      const share = normal(clamp(v, minusEnd, end), one, half, a0, a1, a2, a3, a4, a5, a6, b1, b2, b3, b4);
      if (isGrad) {
        const density = f32x4.mul(power(t, one, magic, p1, p2, p3, p4, p5), peak);
        y = f32x4.add(share, f32x4.mul(v, density));
      } else y = f32x4.mul(v, share);
    } else {
      const e = power(t, one, magic, p1, p2, p3, p4, p5);
      if (kind == MISH) {
        // tanh(log(1 + e)) = n / (n + 2)
        const n = f32x4.mul(e, f32x4.add(e, two)), m = f32x4.add(n, two);
        if (isGrad) {
          const r = f32x4.div(one, m), slope = f32x4.mul(f32x4.mul(f32x4.mul(e, f32x4.add(e, one)), r), t);
          const four = f32x4.add(f32x4.add(slope, slope), f32x4.add(slope, slope));
          y = f32x4.mul(r, f32x4.add(n, f32x4.mul(four, ln2)));
        } else y = f32x4.mul(v, f32x4.div(n, m));
      } else if (kind == SOFTPLUS && !isGrad) {
        y = f32x4.add(f32x4.pmax(v, f32x4.splat(0)), log1p(e, one, l1, l2, l3, l4));
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
    if (count < 4) storeLanes(to, y, y, count);
    else v128.store(to, y);
  }
}

/** to = f(x) for `count` floats; `to` may be x. */
export function activate(kind: i32, to: usize, x: usize, count: i32, first: f32, second: f32): void {
  const p = f32x4.splat(first), q = f32x4.splat(second), unit = unitOf(count);
  const three = f32x4.splat(3 * unit), six = f32x4.splat(6 * unit), sixth = f32x4.splat(0.16666666666666666 * unit);
  switch (kind) {
    case CLAMP: simpleLoop(CLAMP, to, x, count, p, q, p); break;
    case LEAKY: simpleLoop(LEAKY, to, x, count, p, q, p); break;
    case HARD_SIGMOID: simpleLoop(HARD_SIGMOID, to, x, count, three, six, sixth); break;
    case HARD_SWISH: simpleLoop(HARD_SWISH, to, x, count, three, six, sixth); break;
    case ELU: loop(ELU, false, to, 0, x, count, p, q, unit); break;
    case SIGMOID: loop(SIGMOID, false, to, 0, x, count, p, q, unit); break;
    case TANH: loop(TANH, false, to, 0, x, count, p, q, unit); break;
    case SILU: loop(SILU, false, to, 0, x, count, p, q, unit); break;
    case MISH: loop(MISH, false, to, 0, x, count, p, q, unit); break;
    case SOFTPLUS: loop(SOFTPLUS, false, to, 0, x, count, p, q, unit); break;
    case GELU: loop(GELU, false, to, 0, x, count, p, q, unit); break;
    case GELU_TANH: loop(GELU_TANH, false, to, 0, x, count, p, q, unit); break;
    default: loop(EXP, false, to, 0, x, count, p, q, unit);
  }
}

/** The derivative, times g. v: x, or y where that is enough. */
@inline
function slope(kind: i32, g: v128, v: v128, p: v128, q: v128, one: v128, three: v128, sixth: v128): v128 {
  switch (kind) {
    case CLAMP: {
      const open = v128.or(f32x4.gt(v, p), f32x4.eq(p, f32x4.splat(-Infinity)));
      return v128.and(v128.and(g, open), v128.or(f32x4.lt(v, q), f32x4.eq(q, f32x4.splat(Infinity))));
    }
    case LEAKY: return v128.bitselect(g, f32x4.mul(p, g), positive(v));
    case ELU: return f32x4.mul(g, v128.bitselect(q, f32x4.add(v, f32x4.mul(p, q)), positive(v)));
    case SIGMOID: return f32x4.mul(g, f32x4.mul(v, f32x4.sub(one, v)));
    case TANH: return f32x4.mul(g, f32x4.sub(one, f32x4.mul(v, v)));
    case HARD_SIGMOID: return v128.and(f32x4.mul(g, sixth), v128.and(positive(v), f32x4.lt(v, one)));
    default: {
      const t = f32x4.mul(f32x4.add(f32x4.add(v, v), three), sixth);
      const inside = v128.bitselect(t, one, f32x4.lt(v, three));
      return f32x4.mul(g, v128.and(inside, f32x4.gt(v, f32x4.neg(three))));
    }
  }
}

@inline
function slopeLoop(
  kind: i32, to: usize, gradient: usize, saved: usize, count: i32, p: v128, q: v128, unit: f32,
): void {
  const one = ONE(unit), three = f32x4.splat(3 * unit), sixth = f32x4.splat(0.16666666666666666 * unit);
  for (; count > 0; count -= 4, gradient += 16, saved += 16, to += 16) {
    const y = slope(kind, v128.load(gradient), v128.load(saved), p, q, one, three, sixth);
    if (count < 4) storeLanes(to, y, y, count);
    else v128.store(to, y);
  }
}

/** to = f'(x) gradient for `count` floats, `saved` being x or y; `to` may be either operand. */
export function activateGrad(
  kind: i32, to: usize, gradient: usize, saved: usize, count: i32, first: f32, second: f32,
): void {
  const p = f32x4.splat(first), q = f32x4.splat(second), unit = unitOf(count);
  switch (kind) {
    case CLAMP: slopeLoop(CLAMP, to, gradient, saved, count, p, q, unit); break;
    case LEAKY: slopeLoop(LEAKY, to, gradient, saved, count, p, q, unit); break;
    case ELU: slopeLoop(ELU, to, gradient, saved, count, p, q, unit); break;
    case SIGMOID: slopeLoop(SIGMOID, to, gradient, saved, count, p, q, unit); break;
    case TANH: slopeLoop(TANH, to, gradient, saved, count, p, q, unit); break;
    case HARD_SIGMOID: slopeLoop(HARD_SIGMOID, to, gradient, saved, count, p, q, unit); break;
    case HARD_SWISH: slopeLoop(HARD_SWISH, to, gradient, saved, count, p, q, unit); break;
    case SILU: loop(SILU, true, to, gradient, saved, count, p, q, unit); break;
    case MISH: loop(MISH, true, to, gradient, saved, count, p, q, unit); break;
    case SOFTPLUS: loop(SOFTPLUS, true, to, gradient, saved, count, p, q, unit); break;
    case GELU: loop(GELU, true, to, gradient, saved, count, p, q, unit); break;
    default: loop(GELU_TANH, true, to, gradient, saved, count, p, q, unit);
  }
}
