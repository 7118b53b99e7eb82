import { accumulating } from '../algorithms/backward.js';
import type { ConvRow, WeightGradRow } from '../algorithms/row.js';
import { choose } from '../plan/choose.js';
import { convTable } from '../plan/conv.js';
import { inputGradTable } from '../plan/input-grad.js';
import { weightGradTable } from '../plan/weight-grad.js';
import type { ConvProblem } from '../types.js';
import type { Job } from '../wasm/crew.js';
import { attempt, fromView } from '../wasm/view.js';
import { afterOf } from './after.js';
import { readable, type Serve, type Surroundings } from './kernel.js';
import type { Bound } from './prepared.js';
import { Remembered } from './remembered.js';
import type { Call, TensorInfo, WindowInfo } from './tf.js';
import { problemOf, sameShape } from './window.js';

/** Which convolution a kernel is. */
interface Kind {
  readonly rank: 2 | 3;
  readonly depthwise: boolean;
}

export const dense2d: Kind = { rank: 2, depthwise: false };
export const depthwise2d: Kind = { rank: 2, depthwise: true };
export const dense3d: Kind = { rank: 3, depthwise: false };

/** Whether a call is channels last; undefined for a data format that is not served. */
function isLast({ rank, depthwise }: Kind, dataFormat: unknown): boolean | undefined {
  if (dataFormat === undefined || dataFormat === 'NHWC' || dataFormat === 'NDHWC') return true;
  return rank === 2 && !depthwise && dataFormat === 'NCHW' ? false : undefined;
}

type Activation = 'relu' | 'relu6' | undefined;

/** The problem of a call on operands of these shapes. */
function problemFor(
  { util, accuracy }: Surroundings,
  kind: Kind,
  xShape: readonly number[],
  filterShape: readonly number[],
  attrs: Call['attrs'],
  activation?: Activation,
): ConvProblem | undefined {
  const { strides, pad, dimRoundingMode, dataFormat } = attrs;
  const dilations = attrs.dilations ?? 1;
  const channelsLast = isLast(kind, dataFormat);
  if (channelsLast === undefined) return undefined;
  const order = channelsLast ? 'channelsLast' : 'channelsFirst';
  const info: WindowInfo =
    kind.rank === 2
      ? util.computeConv2DInfo(xShape, filterShape, strides, dilations, pad, dimRoundingMode, kind.depthwise, order)
      : util.computeConv3DInfo(xShape, filterShape, strides, dilations, pad);
  return problemOf(info, filterShape, { ...kind, channelsLast, accuracy, activation });
}

/** A job with weights in it, and the shape of its result. */
interface Layer extends Bound {
  readonly job: Job;
  readonly shape: readonly number[];
}

/** A job of a row with a filter packed in it. */
function bind(
  { place }: Surroundings,
  { row, p, shape }: { row: ConvRow; p: ConvProblem; shape: readonly number[] },
  filter: TensorInfo,
  bias?: TensorInfo,
): Layer {
  // a copy, because memory that grows detaches the view
  const own = bias && place.values(bias).slice();
  const values = place.values(filter);
  const job = fromView(place.on, values, (weights) => row.prepare(place.on, p, weights, own)) as unknown as Job;
  return { job, shape, dispose: job.dispose };
}

/** y = activation(conv(x, filter) + bias), with the filter packed once. */
export const forward = (kind: Kind): Serve => {
  const jobs = { linear: {}, relu: {}, relu6: {} };
  return (around, call) => {
    const { x, filter, bias } = call.inputs;
    if (!readable(around, x) || !readable(around, filter) || (bias && !readable(around, bias))) return undefined;
    const [ic, oc] = filter.shape.slice(kind.rank);
    const after = afterOf(around, call, kind.depthwise ? ic * oc : oc);
    if (!after) return undefined;
    const { own } = after;
    const bound = around.prepared.recall(jobs[own ?? 'linear'], filter, x.shape, call.attrs, after.bias, () => {
      const p = problemFor(around, kind, x.shape, filter.shape, call.attrs, own);
      return p && bind(around, { row: choose(convTable, p).row, p, shape: p.yShape }, filter, after.bias);
    });
    if (!bound) return undefined;
    const y = around.place.run(bound.job, [x, undefined], bound.shape);
    return after.finish ? after.finish(y) : y;
  };
};

/** Gradients are those of dense windows, as TensorFlow.js has them. */
const isDense = ({ dilations }: Call['attrs']) => [dilations ?? 1].flat().every((d) => d === 1);

/** Gradient for the input. */
export const inputGrad = (kind: Kind): Serve => {
  const kernel = {};
  return (around, { inputs: { dy, filter }, attrs }) => {
    if (!readable(around, dy) || !readable(around, filter)) return undefined;
    const bound = around.prepared.recall(kernel, filter, dy.shape, attrs, undefined, () => {
      const p = isDense(attrs) && problemFor(around, kind, attrs.inputShape as number[], filter.shape, attrs);
      if (!p || !sameShape(p.yShape, dy.shape)) return undefined;
      return bind(around, { row: choose(inputGradTable, p).row, p, shape: p.xShape }, filter);
    });
    return bound && around.place.run(bound.job, [dy, undefined], bound.shape);
  };
};

/** A row for weight gradients, and what it is for. */
interface Chosen {
  readonly row: WeightGradRow;
  readonly p: ConvProblem;
}

const chosen = new Remembered<Chosen>();

/** Gradient for the filter. */
export const filterGrad = (kind: Kind): Serve => {
  const kernel = {};
  return (around, { inputs: { x, dy }, attrs }) => {
    if (!readable(around, x) || !readable(around, dy)) return undefined;
    const { place } = around;
    const shape = attrs.filterShape as number[];
    const found = chosen.recall(place, kernel, x.shape, dy.shape, attrs, () => {
      const p = isDense(attrs) && problemFor(around, kind, x.shape, shape, attrs);
      return p && sameShape(p.yShape, dy.shape) ? { row: choose(weightGradTable, p).row, p } : undefined;
    });
    if (!found) return undefined;
    // its records are written anew, because no filter tells when they are needed no more
    const job = attempt(place.on, () => found.row.prepare(place.on, found.p));
    try {
      return place.run(accumulating(job, false) as unknown as Job, [x, dy], shape);
    } finally {
      job.dispose();
    }
  };
};
