// Losses of each element, and their gradients in the same pass.
import { put } from "./lanes";
import { E0, H0, H1, H2, H3, H4, LEAST, LOG2E, MAGIC, O0, O1, ONE } from "./constants";
import { power, twiceAtanh } from "./math";

/** (x - t)^2; v ((1 - t) x + (1 + (w - 1) t) log(1 + e^-x)). */
export const MSE: i32 = 0, BCE: i32 = 1;

/**
 * losses [count], and the gradients of x times `factor` unless `gradient` is 0; either may be x or t. positive, whole:
 * w and v of each element, or 0 where they are 1.
 */
export function pairLoss(
  kind: i32, losses: usize, gradient: usize, x: usize, t: usize, count: i32, factor: f32, positive: usize, whole: usize,
): void {
  const f = f32x4.splat(factor), one = ONE(), magic = MAGIC(), scale = f32x4.neg(LOG2E()), least = LEAST();
  const e0 = E0(), o0 = O0(), o1 = O1();
  const h0 = H0(), h1 = H1(), h2 = H2(), h3 = H3(), h4 = H4();
  let w = one;
  for (; count > 0; count -= 4, losses += 16, x += 16, t += 16) {
    const a = v128.load(x), b = v128.load(t);
    let loss: v128, slope: v128;
    if (kind == MSE) {
      const d = f32x4.sub(a, b);
      slope = f32x4.add(d, d);
      loss = f32x4.mul(d, d);
    } else {
      if (positive) {
        w = v128.load(positive);
        positive += 16;
      }
      const e = power(f32x4.pmax(f32x4.mul(f32x4.abs(a), scale), least), magic, e0, o0, o1);
      const below = f32x4.lt(a, f32x4.splat(0)), rest = f32x4.sub(one, b);
      const log = twiceAtanh(f32x4.div(e, f32x4.add(e, h0)), h0, h1, h2, h3, h4);
      // log(1 + e^-x) and its slope, -1 / (1 + e^x)
      const softplus = f32x4.sub(log, f32x4.pmin(a, f32x4.splat(0)));
      const sigmoid = f32x4.div(v128.bitselect(one, e, below), f32x4.add(one, e));
      const weight = f32x4.add(one, f32x4.mul(f32x4.sub(w, one), b));
      loss = f32x4.add(f32x4.mul(rest, a), f32x4.mul(weight, softplus));
      slope = f32x4.sub(rest, f32x4.mul(weight, sigmoid));
      if (whole) {
        const v = v128.load(whole);
        loss = f32x4.mul(loss, v);
        slope = f32x4.mul(slope, v);
        whole += 16;
      }
    }
    if (gradient) {
      put(gradient, f32x4.mul(f, slope), count);
      gradient += 16;
    }
    put(losses, loss, count);
  }
}

/** What cross entropy is of. Positions are [n, cells], logits [n, classes, cells]. */
@unmanaged
export class Classes {
  n: i32; classes: i32; cells: i32;
  /** The target that does not count. */
  ignored: i32;
  /** [n, cells]; [classes]. */
  target: usize;
  weights: usize;
  /** Share of the target that goes to all classes, divided by their number; the rest. */
  spread: f32; rest: f32;
  /** Sum of `weights`. */
  all: f32;
  /** Of the gradients. */
  factor: f32;
}

/** The loss of each position, from the log of the probabilities. Returns the sum of the weights of the targets. */
export function crossEntropyLosses(losses: usize, logs: usize, p: Classes): f64 {
  const step = <usize>p.cells * 4;
  let target = p.target, sum: f64 = 0;
  for (let i = p.n; i > 0; i--, logs += <usize>(p.classes - 1) * step) {
    for (const end = logs + step; logs < end; logs += 4, target += 4, losses += 4) {
      const t = load<i32>(target);
      let loss: f32 = 0;
      if (t != p.ignored) {
        const w = load<f32>(p.weights + <usize>t * 4);
        sum += w;
        loss = -p.rest * w * load<f32>(logs + <usize>t * step);
        if (p.spread) {
          let s: f64 = 0;
          for (let c = 0; c < p.classes; c++) {
            s += load<f32>(p.weights + <usize>c * 4) * load<f32>(logs + <usize>c * step);
          }
          loss -= p.spread * <f32>s;
        }
      }
      store<f32>(losses, loss);
    }
  }
  return sum;
}

/** The gradients of the logits, in place of the probabilities: rows [begin, end), numbered n, class. */
export function crossEntropyGrad(grad: usize, p: Classes, begin: i32, end: i32): void {
  const step = <usize>p.cells * 4, factor = p.factor;
  let target = p.target + <usize>(begin / p.classes) * step, c = begin % p.classes;
  grad += <usize>begin * step;
  for (; begin < end; begin++) {
    const own = load<f32>(p.weights + <usize>c * 4) * p.spread;
    for (let t = target, last = target + step; t < last; t += 4, grad += 4) {
      const found = load<i32>(t);
      let g: f32 = 0;
      if (found != p.ignored) {
        const w = load<f32>(p.weights + <usize>found * 4) * p.rest;
        g = load<f32>(grad) * (w + p.spread * p.all) - own - (found == c ? w : 0);
      }
      store<f32>(grad, g * factor);
    }
    if (++c == p.classes) { c = 0; target += step; }
  }
}
