import { gatherPlan } from '../nn/gather.js';
import { type Pads, padView } from '../nn/pad.js';
import { orderPlan } from '../nn/permute.js';
import { sizeOf } from '../shape/tensor.js';
import { blockOf, copyPlan, origin } from './blocks.js';
import { readable, type Serve } from './kernel.js';
import { type Planned, Plans, runPlan } from './plans.js';

const plans = new Plans<Planned>();

/** What a plan is for. */
const TRANSPOSE = 0;
const PAD = 1;
const MIRROR = 2;
const DEPTH = 3;

/** Axes in another order; one that moves nothing is left to TensorFlow.js, whose result shares the numbers. */
export const transpose: Serve = (around, { inputs: { x }, attrs }) => {
  if (!readable(around, x)) return undefined;
  const order = attrs.perm as readonly number[];
  const plan = plans.recall([TRANSPOSE, ...order, -1, ...x.shape], () => {
    const moving = order.filter((axis) => x.shape[axis] !== 1);
    if (moving.every((axis, i) => i === 0 || axis > moving[i - 1])) return undefined;
    return { ...orderPlan(x.shape, order), shape: order.map((axis) => x.shape[axis]) };
  });
  return plan && runPlan(around, plan, [x]);
};

/** Many numbers of one value at the ends of rows are written faster when all of the result is. */
function filledPlan(xShape: readonly number[], pads: Pads, value: number): Planned {
  const shape = xShape.map((extent, axis) => pads[axis][0] + extent + pads[axis][1]);
  const begin = pads.map(([before]) => before);
  const copy = copyPlan(xShape, blockOf(shape, begin), blockOf(xShape, origin(xShape)));
  const size = sizeOf(shape);
  return {
    ...{ ...copy, shape },
    prepare(work) {
      work.arena.f32(work.to[0], size).fill(value);
      copy.prepare?.(work);
    },
  };
}

/** Cells around a tensor: of one value, or its own mirrored without those at the edge. */
const padded =
  (what: number, mode: 'constant' | 'reflect'): Serve =>
  (around, { inputs: { x }, attrs }) => {
    if (!readable(around, x) || (mode === 'reflect' && attrs.mode !== mode)) return undefined;
    const pads = attrs.paddings as Pads;
    const value = mode === 'constant' ? (attrs.constantValue as number) : 0;
    const plan = plans.recall([what, value, ...pads.flat(), -1, ...x.shape], () => {
      if (pads.some(([begin, end]) => begin < 0 || end < 0)) return undefined;
      if (mode === 'constant' && (pads.at(-1) ?? []).some((cells) => cells >= 8))
        return filledPlan(x.shape, pads, value);
      const view = padView(x.shape, pads, mode, value);
      return { ...gatherPlan(view), shape: view.shape };
    });
    return plan && runPlan(around, plan, [x]);
  };

export const pad: Serve = padded(PAD, 'constant');
export const mirrorPad: Serve = padded(MIRROR, 'reflect');

/** Channels, in the order dy, dx, c, become pixels; channels last alone. */
export const depthToSpace: Serve = (around, { inputs: { x }, attrs: { blockSize, dataFormat } }) => {
  if (!readable(around, x) || dataFormat !== 'NHWC' || x.shape.length !== 4) return undefined;
  const r = blockSize as number;
  const plan = plans.recall([DEPTH, r, ...x.shape], () => {
    const [n, h, w, channels] = x.shape;
    const c = channels / (r * r);
    if (!Number.isInteger(c)) return undefined;
    return { ...orderPlan([n, h, w, r, r, c], [0, 1, 3, 2, 4, 5]), shape: [n, h * r, w * r, c] };
  });
  return plan && runPlan(around, plan, [x]);
};
