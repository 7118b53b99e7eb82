export type { ConvProblem, PoolProblem, SeparableProblem, WindowExtents } from './problems.js';

/** A dense, row-major float32 tensor: plain data on the JavaScript heap, or a tensor of an `arena()`. */
export interface Tensor {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

/** Flat positions inside one channel plane, as `maxPool` returns them; -1 where a window held no cell of the input. */
export interface IndexTensor {
  readonly data: Int32Array;
  readonly shape: readonly number[];
}

/** Number of spatial axes. */
export type Rank = 1 | 2 | 3;

/**
 * A tensor that a call made: its numbers are on the JavaScript heap and nobody else's, in an `ArrayBuffer` where
 * TypeScript tells buffers apart.
 */
export interface NewTensor extends Tensor {
  readonly data: ReturnType<Float32Array['slice']>;
}

/** What a call returns: the tensor given as `out`, or a new one. */
export type Result<Out extends Tensor | undefined> = Out extends Tensor ? Out : NewTensor;

/** The option that a result is written to. */
export interface Into<Out> {
  readonly out?: Out | undefined;
}

/** Whether an operand's gradient is asked for. */
type Flag<Wanted, Name> = Wanted extends unknown ? (Name extends keyof Wanted ? Wanted[Name] : undefined) : never;

/** Gradients by their names, `{ x: 'gradX' }`: those that `Wanted` asks for are there. */
export type Gradients<Names, Wanted> = {
  readonly [Name in keyof Names as Names[Name] & string]: Flag<Wanted, Name> extends infer Asked
    ? Asked extends true
      ? Tensor
      : undefined
    : never;
};

/** What is wanted: `Wanted` where it is given, else what `Unasked` says. */
export type WantedOr<Wanted, Unasked> = Wanted extends undefined ? Unasked : Wanted;

/** Whether an option is given. */
export type IsGiven<Option> = Option extends undefined ? false : true;

/** One number per channel. */
export type Bias = Float32Array | Tensor | readonly number[];

/** One value per spatial axis of a layout; any number of them where that may be of any rank. */
export type OnePerAxis<T, L extends Layout> = [Layout] extends [L]
  ? readonly T[]
  : L extends Layout1d
    ? readonly [T]
    : L extends Layout2d
      ? readonly [T, T]
      : readonly [T, T, T];

/** One number for every spatial axis, or one per axis. */
export type PerAxis<L extends Layout = Layout, T = number> = number | OnePerAxis<T, L>;

/** One number, one per axis, a [begin, end] pair per axis, or a rule by name; `causal` in one dimension. */
export type Padding<L extends Layout = Layout> =
  | PerAxis<L>
  | OnePerAxis<readonly [number, number], L>
  | 'valid'
  | 'same'
  | 'same-lower'
  | 'full'
  | (L extends Layout1d ? 'causal' : never);

/** What cells outside the input hold. */
export type PaddingMode = 'zeros' | 'reflect' | 'replicate' | 'circular';

/** Activations whose kernels are in `stridewise/nn`, which has a function of each. */
export type FurtherActivation =
  | 'leakyRelu'
  | 'elu'
  | 'selu'
  | 'sigmoid'
  | 'hardSigmoid'
  | 'silu'
  | 'hardSwish'
  | 'tanh'
  | 'gelu'
  | 'gelu-tanh'
  | 'softplus'
  | 'mish'
  | { readonly leakyRelu: number }
  | { readonly prelu: number | readonly number[] | Float32Array | Tensor };

/**
 * Applied after bias and `add`: max(0, y), min(max(0, y), 6), min(max(-1, y), 1), a clamp to [lo, hi], or one of those
 * that `import 'stridewise/nn'` adds: leakyRelu has a slope of 0.01 unless it says another, prelu one slope or one per
 * output channel.
 */
export type Activation =
  | 'relu'
  | 'relu6'
  | 'hardTanh'
  | { readonly clamp: readonly [number, number] }
  | FurtherActivation;

/** Order of the axes, channels first or channels last, in rank 1, 2 and 3. */
export type Layout = 'NCL' | 'NLC' | 'NCHW' | 'NHWC' | 'NCDHW' | 'NDHWC';

/** Layouts of one rank. */
export type Layout1d = 'NCL' | 'NLC';
export type Layout2d = 'NCHW' | 'NHWC';
export type Layout3d = 'NCDHW' | 'NDHWC';
/** Order of the axes of the weights of a convolution in rank 1, 2 and 3: outputs first or last. */
export type WeightLayout = 'OIL' | 'LIO' | 'OIHW' | 'HWIO' | 'OIDHW' | 'DHWIO';

/** As `WeightLayout`, of a transposed convolution, whose inputs come first or last. */
export type TransposedWeightLayout = 'IOL' | 'LOI' | 'IOHW' | 'HWOI' | 'IODHW' | 'DHWOI';

/** A name of a few, or of one that is yet to come. */
type OneOf<Names extends string> = Names | (string & Record<never, never>);

/** Rows of the table of convolutions, and of input gradients of transposed ones. */
export type ConvAlgorithm = OneOf<
  | 'depthwise-planes'
  | 'depthwise'
  | 'groups-of-four'
  | 'few-outputs'
  | 'pointwise'
  | 'winograd-f4x4'
  | 'winograd-f2x2'
  | 'winograd-line'
  | 'indirect'
  | 'im2col-gemm'
  | 'direct'
>;

/** Rows of the table of transposed convolutions, and of input gradients of direct ones. */
export type ConvTransposeAlgorithm = OneOf<'flipped' | 'residue-winograd' | 'residue' | 'col2im' | 'direct'>;

/** Rows of the table of weight gradients. */
export type WeightGradAlgorithm = OneOf<'pointwise' | 'depthwise' | 'winograd' | 'indirect' | 'direct'>;

/** Rows of the table of separable convolutions. */
export type SeparableAlgorithm = OneOf<'fused' | 'two-step'>;

/** `high` keeps to algorithms whose error is of the order of direct summation. */
export type Accuracy = 'standard' | 'high';
