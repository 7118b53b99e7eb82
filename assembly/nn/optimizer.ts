// Steps of optimizers, in place.
import { put } from "./lanes";

/** p -= rate d, where d is the gradient with decay; with a buffer (unless 0) d goes through momentum. */
@unmanaged
export class Sgd {
  rate: f32; momentum: f32; rest: f32; decay: f32;
  /** The buffer is made of the gradient alone. */
  fresh: i32;
  nesterov: i32;
}

export function sgdStep(parameter: usize, gradient: usize, buffer: usize, count: i32, s: Sgd): void {
  const rate = f32x4.splat(s.rate), momentum = f32x4.splat(s.momentum);
  const rest = f32x4.splat(s.rest), decay = f32x4.splat(s.decay);
  for (; count > 0; count -= 4, parameter += 16, gradient += 16) {
    const p = v128.load(parameter);
    let d = f32x4.add(v128.load(gradient), f32x4.mul(decay, p));
    if (buffer) {
      const b = s.fresh ? d : f32x4.add(f32x4.mul(momentum, v128.load(buffer)), f32x4.mul(rest, d));
      put(buffer, b, count);
      buffer += 16;
      d = s.nesterov ? f32x4.add(d, f32x4.mul(momentum, b)) : b;
    }
    put(parameter, f32x4.sub(p, f32x4.mul(rate, d)), count);
  }
}

/** m, v: running means of the gradient and of its square. */
@unmanaged
export class Adam {
  beta1: f32; rest1: f32; beta2: f32; rest2: f32;
  /** The rate by the first correction, 1 by the root of the second one. */
  rate: f32; root: f32;
  eps: f32;
  decay: f32;
}

export function adamStep(parameter: usize, gradient: usize, m: usize, v: usize, count: i32, s: Adam): void {
  const beta1 = f32x4.splat(s.beta1), rest1 = f32x4.splat(s.rest1);
  const beta2 = f32x4.splat(s.beta2), rest2 = f32x4.splat(s.rest2);
  const rate = f32x4.splat(s.rate), root = f32x4.splat(s.root), eps = f32x4.splat(s.eps);
  const decay = f32x4.splat(s.decay);
  for (; count > 0; count -= 4, parameter += 16, gradient += 16, m += 16, v += 16) {
    const p = v128.load(parameter), g = f32x4.add(v128.load(gradient), f32x4.mul(decay, p));
    const a = f32x4.add(f32x4.mul(beta1, v128.load(m)), f32x4.mul(rest1, g));
    const b = f32x4.add(f32x4.mul(beta2, v128.load(v)), f32x4.mul(rest2, f32x4.mul(g, g)));
    put(m, a, count);
    put(v, b, count);
    const size = f32x4.add(f32x4.mul(f32x4.sqrt(b), root), eps);
    put(parameter, f32x4.sub(p, f32x4.mul(rate, f32x4.div(a, size))), count);
  }
}
