// y = f(a, b, c), element by element, where an operand may repeat along any axis (broadcasting). Functions of two
// operands ignore c; in gradients c is the gradient of the result.
import { put } from "./lanes";

export const ADD: i32 = 0, SUB: i32 = 1, MUL: i32 = 2, DIV: i32 = 3, MAXIMUM: i32 = 4, MINIMUM: i32 = 5;
/** a > 0 ? a : a b. */
export const PRELU: i32 = 6;
/** Gradients: of a / b for b; of max(a, b) and min(a, b) for a, halved where both are equal. */
export const DIV_GRAD: i32 = 7, MAXIMUM_GRAD: i32 = 8, MINIMUM_GRAD: i32 = 9;
/** Gradients of `PRELU` for a and for b. */
export const PRELU_GRAD: i32 = 10, SLOPE_GRAD: i32 = 11;

/** Bytes of scratch of `elementwise`. */
export const ELEMENTWISE_SCRATCH: i32 = 64;

/** An axis around the innermost one. */
@unmanaged
export class Broadcast {
  count: i32;
  /** Bytes from one index to the next; 0 where the operand repeats. */
  a: usize; b: usize; c: usize;
}

/** c where a < b holds nothing back, half of it where both are equal. */
@inline
function share(less: v128, equal: v128, c: v128): v128 {
  return v128.andnot(f32x4.mul(c, v128.bitselect(f32x4.splat(0.5), f32x4.splat(1), equal)), less);
}

@inline
function apply(op: i32, a: v128, b: v128, c: v128): v128 {
  switch (op) {
    case ADD: return f32x4.add(a, b);
    case SUB: return f32x4.sub(a, b);
    case MUL: return f32x4.mul(a, b);
    case DIV: return f32x4.div(a, b);
    // V8 takes eight instructions for max, which keeps every NaN
    case MAXIMUM: return v128.or(f32x4.pmax(a, b), f32x4.ne(b, b));
    case MINIMUM: return v128.or(f32x4.pmin(a, b), f32x4.ne(b, b));
    case PRELU: return v128.bitselect(a, f32x4.mul(a, b), f32x4.gt(a, f32x4.splat(0)));
    case DIV_GRAD: return f32x4.neg(f32x4.div(f32x4.mul(c, f32x4.div(a, b)), b));
    case MAXIMUM_GRAD: return share(f32x4.lt(a, b), f32x4.eq(a, b), c);
    case MINIMUM_GRAD: return share(f32x4.gt(a, b), f32x4.eq(a, b), c);
    case PRELU_GRAD: return v128.bitselect(c, f32x4.mul(c, b), f32x4.gt(a, f32x4.splat(0)));
    default: return v128.andnot(f32x4.mul(a, c), f32x4.gt(a, f32x4.splat(0)));
  }
}

/** Any of the functions, where speed does not count: the ends of runs. */
function applyAny(op: i32, a: v128, b: v128, c: v128): v128 { return apply(op, a, b, c); }

/** One number, 8 times. */
function fill(to: usize, from: usize): usize {
  const x = v128.load32_splat(from);
  v128.store(to, x);
  v128.store(to, x, 16);
  return to;
}

/** Whole blocks of 8 floats by one function. A step of 0 is that of a block which repeats. */
@inline
function blocks(op: i32, to: usize, a: usize, b: usize, c: usize, count: i32, aStep: i32, bStep: i32): void {
  const none = f32x4.splat(0), ternary = op >= DIV_GRAD, aBytes = 32 * aStep, bBytes = 32 * bStep;
  for (const end = to + <usize>(count & ~7) * 4; to < end; to += 32, a += aBytes, b += bBytes) {
    v128.store(to, apply(op, v128.load(a), v128.load(b), ternary ? v128.load(c) : none));
    v128.store(to, apply(op, v128.load(a, 16), v128.load(b, 16), ternary ? v128.load(c, 16) : none), 16);
    if (ternary) c += 32;
  }
}

/** `aStep`, `bStep`: 1, or 0 for one number. c has as many as the result. */
function run(
  op: i32, to: usize, a: usize, b: usize, c: usize, count: i32, aStep: i32, bStep: i32, own: usize,
): void {
  if (count >= 8) {
    if (!aStep) a = fill(own, a);
    if (!bStep) b = fill(own + 32, b);
    switch (op) {
      case ADD: blocks(ADD, to, a, b, c, count, aStep, bStep); break;
      case SUB: blocks(SUB, to, a, b, c, count, aStep, bStep); break;
      case MUL: blocks(MUL, to, a, b, c, count, aStep, bStep); break;
      case DIV: blocks(DIV, to, a, b, c, count, aStep, bStep); break;
      case MAXIMUM: blocks(MAXIMUM, to, a, b, c, count, aStep, bStep); break;
      case MINIMUM: blocks(MINIMUM, to, a, b, c, count, aStep, bStep); break;
      case PRELU: blocks(PRELU, to, a, b, c, count, aStep, bStep); break;
      case PRELU_GRAD: blocks(PRELU_GRAD, to, a, b, c, count, aStep, bStep); break;
      default: count += 0x40000000;
    }
    if (count >= 0x40000000) count -= 0x40000000;
    else {
      const done = <usize>(count & ~7) * 4;
      to += done; c += done; a += done * aStep; b += done * bStep;
      count &= 7;
    }
  }
  const one = v128.load32_splat(a), other = v128.load32_splat(b);
  for (; count > 0; count -= 4, to += 16, c += 16, a += 16 * aStep, b += 16 * bStep) {
    const x = aStep ? v128.load(a) : one, y = bStep ? v128.load(b) : other;
    put(to, applyAny(op, x, y, v128.load(c)), count);
  }
}

/**
 * Runs of `count` floats along the innermost axis, for all indices of the axes listed in [axes, axesEnd), but `outer`
 * of the first one. The result is without gaps; returns its end. `own`: ELEMENTWISE_SCRATCH bytes.
 */
export function elementwise(
  op: i32, to: usize, a: usize, b: usize, c: usize, count: i32, aStep: i32, bStep: i32, axes: usize, axesEnd: usize,
  outer: i32, own: usize,
): usize {
  if (axes == axesEnd) {
    run(op, to, a, b, c, count, aStep, bStep, own);
    return to + <usize>count * 4;
  }
  const axis = changetype<Broadcast>(axes), inner = axes + offsetof<Broadcast>();
  const next = inner == axesEnd ? 0 : changetype<Broadcast>(inner).count;
  for (; outer > 0; outer--, a += axis.a, b += axis.b, c += axis.c) {
    to = elementwise(op, to, a, b, c, count, aStep, bStep, inner, axesEnd, next, own);
  }
  return to;
}
