import { activatePlan } from '../nn/activation-kinds.js';
import { ELU, LEAKY, PRELU, SIGMOID } from '../nn/boundary.js';
import type { Plan } from '../nn/run.js';
import { sizeOf } from '../shape/tensor.js';
import { runJob } from '../wasm/crew.js';
import { planned } from './elementwise.js';
import { readable, type Surroundings } from './kernel.js';
import { jobOf } from './plans.js';
import type { TensorInfo } from './tf.js';
import { sameShape } from './window.js';

/** What an activation after a convolution or a product is settled by. */
interface Activation {
  readonly kind: unknown;
  /** Slope of `leakyrelu`. */
  readonly alpha: unknown;
  /** Slopes of `prelu`. */
  readonly slopes: TensorInfo | undefined;
}

/** A plan on a tensor and, for prelu, its slopes; undefined where the kernel of TensorFlow.js is to do it. */
function planOf(around: Surroundings, y: TensorInfo, { kind, alpha, slopes }: Activation): Plan | undefined {
  if (kind === 'prelu') {
    const plan = readable(around, slopes) && planned(PRELU, y.shape, slopes.shape);
    return plan && sameShape(plan.shape, y.shape) ? plan : undefined;
  }
  const count = sizeOf(y.shape);
  const activate = (code: number, p: number, q: number) => activatePlan(code, count, p, q);
  if (kind === 'leakyrelu') return Number.isFinite(alpha) ? activate(LEAKY, alpha as number, 0) : undefined;
  return kind === 'elu' ? activate(ELU, 1, 1) : activate(SIGMOID, 0, 0);
}

/** Applies an activation to a result that nobody has seen yet. Whether it did. */
export function activateInPlace(around: Surroundings, y: TensorInfo, activation: Activation): boolean {
  const plan = planOf(around, y, activation);
  if (!plan) return false;
  const { place } = around;
  const { slopes } = activation;
  const tensorOf = (tensor: TensorInfo) => ({ data: place.values(tensor), shape: tensor.shape });
  const out = tensorOf(y);
  const { shape } = y;
  const inputs = activation.kind === 'prelu' ? [out, tensorOf(slopes as TensorInfo)] : [out];
  runJob(place.on, jobOf(around, plan), inputs, [{ shape, out }]);
  return true;
}
