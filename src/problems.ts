// Checked problems, with everything derived: what `shape` makes of shapes and options, and all below works on.
import type { Clamp } from './further.js';
import type { Accuracy, PaddingMode, Rank } from './types.js';

/** Extents every windowed operator has; missing leading axes have extent 1, stride 1, dilation 1, padding 0. */
export interface WindowExtents {
  readonly rank: Rank;
  readonly channelsLast: boolean;
  /** Batch. */
  readonly n: number;
  /** Input extents. */
  readonly id: number;
  readonly ih: number;
  readonly iw: number;
  /** Window extents. */
  readonly kd: number;
  readonly kh: number;
  readonly kw: number;
  /** Output extents. */
  readonly od: number;
  readonly oh: number;
  readonly ow: number;
  readonly sd: number;
  readonly sh: number;
  readonly sw: number;
  /** Dilation; 1 = dense. */
  readonly dd: number;
  readonly dh: number;
  readonly dw: number;
  /** Padding at the begin and the end of each axis; negative values never occur. */
  readonly pd: number;
  readonly ph: number;
  readonly pw: number;
  readonly pdEnd: number;
  readonly phEnd: number;
  readonly pwEnd: number;
}

/**
 * A checked convolution, with everything derived. It always describes the *direct* convolution x [n, ic, i...] -> y [n,
 * oc, o...]. A transposed convolution is held as the convolution whose input gradient it is: its output is `x` here,
 * its input is `y`, and weights read the same way.
 */
export interface ConvProblem extends WindowExtents {
  readonly ic: number;
  readonly oc: number;
  /** Divides ic and oc. */
  readonly groups: number;
  readonly paddingMode: PaddingMode;
  /** Weights are [k..., ic / groups, oc], not [oc, ic / groups, k...]. */
  readonly weightsLast: boolean;
  readonly flipKernel: boolean;
  readonly accuracy: Accuracy;
  /** Name of the algorithm the caller insists on, if any. */
  readonly algorithm: string | undefined;
  /** Weights are packed once for many runs. */
  readonly prepared: boolean;
  /** Bounds of the activation; [-Infinity, Infinity] when there is none. */
  readonly clamp: Clamp;
  /** Shapes as the caller's layout has them. */
  readonly xShape: readonly number[];
  readonly weightShape: readonly number[];
  readonly yShape: readonly number[];
  /** Floats from channel to channel, with channels first, of a band of larger planes; default: whole planes. */
  readonly xPlane?: number;
  readonly yPlane?: number;
}

/** The two layers of a separable convolution, the result of the first being the operand of the second. */
export interface SeparableProblem {
  readonly depthwise: ConvProblem;
  readonly pointwise: ConvProblem;
  /** Error that the caller allows in either layer. */
  readonly accuracy: Accuracy;
  /** Name of the algorithm of the pair that the caller insists on, if any. */
  readonly algorithm: string | undefined;
}

/**
 * A checked pooling problem. `c` channels; padding is the declared one, ceilMode's overflow is already in od, oh, ow.
 */
export interface PoolProblem extends WindowExtents {
  readonly c: number;
  readonly xShape: readonly number[];
  readonly yShape: readonly number[];
}
