// Activations and their gradients, elementwise.
import { clamp, storeLanes } from "../simd/vector";
import { fixed, unit } from "./constants";
import { elu, gelu } from "./exponential";
import { CLAMP, ELU, GELU, GELU_TANH, HARD_SIGMOID, HARD_SWISH, LEAKY, MISH } from "./kinds";
import { SIGMOID, SILU, SOFTPLUS, TANH } from "./kinds";
import { quotient } from "./quotient";
import { softplus } from "./softplus";

const SIXTH: f32 = 0.16666666666666666;

/** LEAKY for slopes of which x or p x is the larger one. */
const LEAKY_UP: i32 = -1;

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
    case LEAKY_UP: return f32x4.pmax(x, f32x4.mul(p, x));
    case HARD_SIGMOID: return hardSigmoid(x, p, q, r);
    default: return f32x4.mul(x, hardSigmoid(x, p, q, r));
  }
}

@inline
function simpleLoop(kind: i32, to: usize, x: usize, count: i32, p: v128, q: v128, r: v128): void {
  for (; count >= 8; count -= 8, x += 32, to += 32) {
    const a = v128.load(x), b = v128.load(x, 16);
    v128.store(to, simple(kind, a, p, q, r));
    v128.store(to, simple(kind, b, p, q, r), 16);
  }
  for (; count > 0; count -= 4, x += 16, to += 16) {
    const y = simple(kind, v128.load(x), p, q, r);
    if (count < 4) storeLanes(to, y, y, count);
    else v128.store(to, y);
  }
}

/** to = f(x) for `count` floats; `to` may be x. `scratch`: ACTIVATE_SCRATCH bytes. */
export function activate(
  kind: i32, to: usize, x: usize, count: i32, first: f32, second: f32, scratch: usize,
): void {
  const p = f32x4.splat(first), q = f32x4.splat(second), u = unit();
  const three = fixed(3, u), six = fixed(6, u), sixth = fixed(SIXTH, u);
  switch (kind) {
    case CLAMP: simpleLoop(CLAMP, to, x, count, p, q, p); break;
    case LEAKY:
      // 0 times -Infinity is NaN
      if (first > 0 && first <= 1) simpleLoop(LEAKY_UP, to, x, count, p, q, p);
      else simpleLoop(LEAKY, to, x, count, p, q, p);
      break;
    case HARD_SIGMOID: simpleLoop(HARD_SIGMOID, to, x, count, three, six, sixth); break;
    case HARD_SWISH: simpleLoop(HARD_SWISH, to, x, count, three, six, sixth); break;
    case ELU: elu(to, x, count, p, q); break;
    case TANH: quotient(TANH, false, to, 0, x, count); break;
    case SIGMOID: quotient(SIGMOID, false, to, 0, x, count); break;
    case SILU: quotient(SILU, false, to, 0, x, count); break;
    case MISH: quotient(MISH, false, to, 0, x, count); break;
    case SOFTPLUS: softplus(to, x, count, scratch); break;
    case GELU: gelu(false, to, 0, x, count); break;
    default: quotient(GELU_TANH, false, to, 0, x, count);
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
  kind: i32, to: usize, gradient: usize, saved: usize, count: i32, p: v128, q: v128,
): void {
  const u = unit(), one = f32x4.splat(u), three = fixed(3, u), sixth = fixed(SIXTH, u);
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
  const p = f32x4.splat(first), q = f32x4.splat(second);
  switch (kind) {
    case CLAMP: slopeLoop(CLAMP, to, gradient, saved, count, p, q); break;
    case LEAKY: slopeLoop(LEAKY, to, gradient, saved, count, p, q); break;
    case ELU: slopeLoop(ELU, to, gradient, saved, count, p, q); break;
    case SIGMOID: slopeLoop(SIGMOID, to, gradient, saved, count, p, q); break;
    case TANH: slopeLoop(TANH, to, gradient, saved, count, p, q); break;
    case HARD_SIGMOID: slopeLoop(HARD_SIGMOID, to, gradient, saved, count, p, q); break;
    case HARD_SWISH: slopeLoop(HARD_SWISH, to, gradient, saved, count, p, q); break;
    case SILU: quotient(SILU, true, to, gradient, saved, count); break;
    case MISH: quotient(MISH, true, to, gradient, saved, count); break;
    case SOFTPLUS: quotient(SOFTPLUS, true, to, gradient, saved, count); break;
    case GELU: gelu(true, to, gradient, saved, count); break;
    default: quotient(GELU_TANH, true, to, gradient, saved, count);
  }
}
