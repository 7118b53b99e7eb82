// Activations and their gradients, elementwise. Gradients are made from y where that is enough (CLAMP to
// HARD_SIGMOID), else from x.
import { clamp } from "../simd/vector";
import { put } from "./lanes";
import { erf, exp, sigmoid, softplus, tanh } from "./math";

/** min(max(x, p), q); x > 0 ? x : p x; x > 0 ? q x : p q (e^x - 1). */
export const CLAMP: i32 = 0, LEAKY: i32 = 1, ELU: i32 = 2;
export const SIGMOID: i32 = 3, TANH: i32 = 4, HARD_SIGMOID: i32 = 5, HARD_SWISH: i32 = 6, SILU: i32 = 7;
export const MISH: i32 = 8, SOFTPLUS: i32 = 9, GELU: i32 = 10, GELU_TANH: i32 = 11, EXP: i32 = 12;

/** relu6(x + 3) / 6. */
@inline
function hardSigmoid(x: v128): v128 {
  const y = clamp(f32x4.add(x, f32x4.splat(3)), f32x4.splat(0), f32x4.splat(6));
  return f32x4.div(y, f32x4.splat(6));
}

/** e^x - 1 for x <= 0: by tanh(x / 2) = (e^x - 1) / (e^x + 1), which loses nothing near 0. */
@inline
function expm1(x: v128): v128 {
  x = f32x4.pmin(x, f32x4.splat(0));
  return f32x4.mul(tanh(f32x4.mul(x, f32x4.splat(0.5))), f32x4.add(exp(x), f32x4.splat(1)));
}

const ROOT: f32 = 0.7978845608028654, CUBE: f32 = 0.044715;

/** sqrt(2 / pi) (x + 0.044715 x^3). */
@inline
function inner(x: v128): v128 {
  const cube = f32x4.mul(f32x4.mul(f32x4.mul(x, x), x), f32x4.splat(CUBE));
  return f32x4.mul(f32x4.splat(ROOT), f32x4.add(x, cube));
}

/** (1 + x) / 2. */
@inline
function middle(x: v128): v128 { return f32x4.mul(f32x4.splat(0.5), f32x4.add(f32x4.splat(1), x)); }

@inline
function phi(x: v128): v128 { return middle(erf(f32x4.mul(x, f32x4.splat(0.7071067811865476)))); }

@inline
function positive(x: v128): v128 { return f32x4.gt(x, f32x4.splat(0)); }

function value(kind: i32, x: v128, p: v128, q: v128): v128 {
  switch (kind) {
    case ELU: return v128.bitselect(f32x4.mul(q, x), f32x4.mul(f32x4.mul(p, q), expm1(x)), positive(x));
    case SIGMOID: return sigmoid(x);
    case TANH: return tanh(x);
    case HARD_SIGMOID: return hardSigmoid(x);
    case HARD_SWISH: return f32x4.mul(x, hardSigmoid(x));
    case SILU: return f32x4.mul(x, sigmoid(x));
    case MISH: return f32x4.mul(x, tanh(softplus(x)));
    case SOFTPLUS: return v128.bitselect(x, softplus(x), f32x4.gt(x, f32x4.splat(20)));
    case GELU: return f32x4.mul(x, phi(x));
    case GELU_TANH: return f32x4.mul(x, middle(tanh(inner(x))));
    default: return exp(x);
  }
}

/** x > 0 ? x : p x. */
@inline
function leaky(x: v128, p: v128): v128 { return v128.bitselect(x, f32x4.mul(p, x), positive(x)); }

/** to = f(x) for `count` floats; `to` may be x. */
export function activate(kind: i32, to: usize, x: usize, count: i32, first: f32, second: f32): void {
  const p = f32x4.splat(first), q = f32x4.splat(second);
  if (kind == CLAMP) {
    for (; count >= 16; count -= 16, x += 64, to += 64) {
      const a = v128.load(x), b = v128.load(x, 16), c = v128.load(x, 32), d = v128.load(x, 48);
      v128.store(to, clamp(a, p, q));
      v128.store(to, clamp(b, p, q), 16);
      v128.store(to, clamp(c, p, q), 32);
      v128.store(to, clamp(d, p, q), 48);
    }
    for (; count > 0; count -= 4, x += 16, to += 16) put(to, clamp(v128.load(x), p, q), count);
  } else if (kind == LEAKY) {
    for (; count >= 16; count -= 16, x += 64, to += 64) {
      const a = v128.load(x), b = v128.load(x, 16), c = v128.load(x, 32), d = v128.load(x, 48);
      v128.store(to, leaky(a, p));
      v128.store(to, leaky(b, p), 16);
      v128.store(to, leaky(c, p), 32);
      v128.store(to, leaky(d, p), 48);
    }
    for (; count > 0; count -= 4, x += 16, to += 16) put(to, leaky(v128.load(x), p), count);
  } else {
    for (; count > 0; count -= 4, x += 16, to += 16) put(to, value(kind, v128.load(x), p, q), count);
  }
}

/** The derivative, times g. v: x, or y where that is enough. */
function slope(kind: i32, g: v128, v: v128, p: v128, q: v128): v128 {
  const one = f32x4.splat(1), zero = f32x4.splat(0);
  switch (kind) {
    case CLAMP: {
      const open = v128.or(f32x4.gt(v, p), f32x4.eq(p, f32x4.splat(-Infinity)));
      return v128.and(v128.and(g, open), v128.or(f32x4.lt(v, q), f32x4.eq(q, f32x4.splat(Infinity))));
    }
    case LEAKY: return v128.bitselect(g, f32x4.mul(p, g), positive(v));
    case ELU: return f32x4.mul(g, v128.bitselect(q, f32x4.add(v, f32x4.mul(p, q)), positive(v)));
    case SIGMOID: return f32x4.mul(g, f32x4.mul(v, f32x4.sub(one, v)));
    case TANH: return f32x4.mul(g, f32x4.sub(one, f32x4.mul(v, v)));
    case HARD_SIGMOID: {
      const open = v128.and(f32x4.gt(v, zero), f32x4.lt(v, one));
      return v128.and(f32x4.div(g, f32x4.splat(6)), open);
    }
    case HARD_SWISH: {
      const three = f32x4.splat(3), t = f32x4.add(f32x4.div(v, three), f32x4.splat(0.5));
      const inside = v128.bitselect(t, one, f32x4.lt(v, three));
      return f32x4.mul(g, v128.and(inside, f32x4.gt(v, f32x4.neg(three))));
    }
    case SILU: {
      const s = sigmoid(v);
      return f32x4.mul(g, f32x4.mul(s, f32x4.add(one, f32x4.mul(v, f32x4.sub(one, s)))));
    }
    case MISH: {
      const t = tanh(softplus(v)), s = sigmoid(v);
      const rest = f32x4.mul(f32x4.mul(v, s), f32x4.sub(one, f32x4.mul(t, t)));
      return f32x4.mul(g, f32x4.add(t, rest));
    }
    case SOFTPLUS: return v128.bitselect(g, f32x4.mul(g, sigmoid(v)), f32x4.gt(v, f32x4.splat(20)));
    case GELU: {
      const density = f32x4.mul(exp(f32x4.mul(f32x4.mul(v, v), f32x4.splat(-0.5))), f32x4.splat(0.3989422804014327));
      return f32x4.mul(g, f32x4.add(phi(v), f32x4.mul(v, density)));
    }
    default: {
      const t = tanh(inner(v)), square = f32x4.mul(f32x4.mul(v, v), f32x4.splat(3 * CUBE));
      const d = f32x4.mul(f32x4.splat(ROOT), f32x4.add(one, square));
      const rest = f32x4.mul(f32x4.mul(f32x4.mul(v, f32x4.splat(0.5)), f32x4.sub(one, f32x4.mul(t, t))), d);
      return f32x4.mul(g, f32x4.add(middle(t), rest));
    }
  }
}

/** to = f'(x) gradient for `count` floats, `saved` being x or y; `to` may be either operand. */
export function activateGrad(
  kind: i32, to: usize, gradient: usize, saved: usize, count: i32, first: f32, second: f32,
): void {
  const p = f32x4.splat(first), q = f32x4.splat(second);
  for (; count > 0; count -= 4, gradient += 16, saved += 16, to += 16) {
    put(to, slope(kind, v128.load(gradient), v128.load(saved), p, q), count);
  }
}
