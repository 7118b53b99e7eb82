import { activatePlan } from '../nn/activation-kinds.js';
import * as K from '../nn/boundary.js';
import { sizeOf } from '../shape/tensor.js';
import { combine } from './elementwise.js';
import { type Serve, worthy } from './kernel.js';
import { runPlan } from './plans.js';
import type { Call } from './tf.js';

type Attrs = Call['attrs'];

/** A function of each number by its kind, and two numbers that attributes settle; undefined where they are odd. */
const activation =
  (kind: number, numbers: (attrs: Attrs) => readonly [number, number] | undefined): Serve =>
  (around, { inputs: { x }, attrs }) => {
    if (!worthy(around, x)) return undefined;
    const both = numbers(attrs);
    if (!both) return undefined;
    return runPlan(around, { ...activatePlan(kind, sizeOf(x.shape), ...both), shape: x.shape }, [x]);
  };

const always = (p: number, q: number) => (): readonly [number, number] => [p, q];

export const relu = activation(K.CLAMP, always(0, Infinity));
export const relu6 = activation(K.CLAMP, always(0, 6));
export const elu = activation(K.ELU, always(1, 1));
export const selu = activation(K.ELU, always(1.6732632423543772, 1.0507009873554805));
export const sigmoid = activation(K.SIGMOID, always(0, 0));
export const tanh = activation(K.TANH, always(0, 0));
export const softplus = activation(K.SOFTPLUS, always(0, 0));
/** An infinite slope would make NaN of 0. */
export const leakyRelu = activation(K.LEAKY, ({ alpha }) =>
  Number.isFinite(alpha) ? [alpha as number, 0] : undefined,
);
export const clip = activation(K.CLAMP, ({ clipValueMin: min, clipValueMax: max }) =>
  (min as number) <= (max as number) ? [min as number, max as number] : undefined,
);

/** x above 0, else x times its slope. */
export const prelu: Serve = (around, { inputs: { x, alpha } }) => combine(around, K.PRELU, x, alpha);
