import { accumulating } from '../algorithms/backward.js';
import type { ConvRow, WeightGradRow } from '../algorithms/row.js';
import { choose } from '../plan/choose.js';
import { convTable } from '../plan/conv.js';
import { inputGradTable } from '../plan/input-grad.js';
import { weightGradTable } from '../plan/weight-grad.js';
import type { ConvProblem } from '../types.js';
import type { Job } from '../wasm/crew.js';
import { attempt, fromView } from '../wasm/view.js';
import { readable, type Serve, type Surroundings } from './kernel.js';
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
  const { strides, pad, dilations = 1, dimRoundingMode, dataFormat } = attrs;
  const channelsLast = isLast(kind, dataFormat);
  if (channelsLast === undefined) return undefined;
  const order = channelsLast ? 'channelsLast' : 'channelsFirst';
  const info: WindowInfo =
    kind.rank === 2
      ? util.computeConv2DInfo(xShape, filterShape, strides, dilations, pad, dimRoundingMode, kind.depthwise, order)
      : util.computeConv3DInfo(xShape, filterShape, strides, dilations, pad);
  return problemOf(info, filterShape, { ...kind, channelsLast, accuracy, activation });
}

/** A job of a row with a filter packed in it. */
function bind({ place }: Surroundings, row: ConvRow, p: ConvProblem, filter: TensorInfo, bias?: TensorInfo): Job {
  // a copy, because memory that grows detaches the view
  const own = bias && place.values(bias).slice();
  const values = place.values(filter);
  return fromView(place.on, values, (weights) => row.prepare(place.on, p, weights, own)) as unknown as Job;
}

/** Activations that a kernel of TensorFlow.js computes afterwards. */
const after = { elu: 'Elu', sigmoid: 'Sigmoid', leakyrelu: 'LeakyRelu', prelu: 'Prelu' } as const;

const isKey = <T extends object>(of: T, key: unknown): key is keyof T => Object.hasOwn(of, key as PropertyKey);

/** What follows a convolution or a product: a bound that it applies itself, or a kernel of TensorFlow.js. */
interface After {
  readonly own: Activation;
  readonly then?: (y: TensorInfo) => TensorInfo;
}

/** Activations that the convolution or product applies itself. */
const bounds: Readonly<Record<'linear' | 'relu' | 'relu6', After>> = {
  linear: { own: undefined },
  relu: { own: 'relu' },
  relu6: { own: 'relu6' },
};

/** What the activation of a call asks for; undefined for one that is not served. */
export function activationOf(around: Surroundings, { inputs, attrs, backend }: Call): After | undefined {
  const { activation, leakyreluAlpha: alpha } = attrs;
  if (activation === undefined || activation === null) return bounds.linear;
  if (isKey(bounds, activation)) return bounds[activation];
  const kernel = isKey(after, activation) && around.kernel(after[activation]);
  const slopes = inputs.preluActivationWeights;
  if (!kernel || (activation === 'prelu' && (!slopes || (attrs.dataFormat ?? 'NHWC') !== 'NHWC'))) return undefined;
  const then = (x: TensorInfo) => {
    try {
      const operands = { x, ...(activation === 'prelu' && { alpha: slopes }) };
      return kernel.kernelFunc({ inputs: operands, attrs: { alpha }, backend }) as TensorInfo;
    } finally {
      backend.disposeData(x.dataId);
    }
  };
  return { own: undefined, then };
}

/** y = activation(conv(x, filter) + bias), with the filter packed once. */
export const forward = (kind: Kind): Serve => {
  const kernel = {};
  return (around, call) => {
    const { x, filter, bias } = call.inputs;
    if (!readable(around, x) || !readable(around, filter) || (bias && !readable(around, bias))) return undefined;
    const activation = activationOf(around, call);
    if (!activation) return undefined;
    const bound = around.prepared.recall(kernel, filter, x.shape, call.attrs, bias, () => {
      const p = problemFor(around, kind, x.shape, filter.shape, call.attrs, activation.own);
      if (!p || (bias && !sameShape(bias.shape, [p.oc]))) return undefined;
      return { job: bind(around, choose(convTable, p).row, p, filter, bias), shape: p.yShape };
    });
    if (!bound) return undefined;
    const y = around.place.run(bound.job, [x, undefined], bound.shape);
    return activation.then ? activation.then(y) : y;
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
      return { job: bind(around, choose(inputGradTable, p).row, p, filter), shape: p.xShape };
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
