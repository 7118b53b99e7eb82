import type { IndexTensor, Layout, Layout2d, PerAxis, Tensor } from '../types.js';
import type { OutOption, WindowOptions } from './pooling.js';

/** Maxima, and where they stand. */
export interface MaxPoolResult {
  readonly output: Tensor;
  /** Flat position of each maximum within its channel plane of the unpadded input; -1 where a window holds no cell. */
  readonly indices: IndexTensor;
}

/** What a max pool with indices takes beyond one without. */
export interface IndicesOption {
  /** The result is `{ output, indices }`. */
  readonly returnIndices: true;
  /** Written and returned instead of new tensors; may not overlap `x` or each other. */
  readonly out?: Partial<MaxPoolResult> | undefined;
}

/** What a max pool without indices takes. */
export interface NoIndicesOption extends OutOption {
  /** True: the result is `{ output, indices }`, and `out` an object of the same form; default false. */
  readonly returnIndices?: false | undefined;
}

/** What a max pool takes of which only the call tells whether it returns indices. */
export interface EitherOption {
  /** True: the result is `{ output, indices }`; default false. */
  readonly returnIndices?: boolean | undefined;
  /** Written and returned instead of what would be new: a tensor, or tensors with `returnIndices`. */
  readonly out?: Tensor | Partial<MaxPoolResult> | undefined;
}

/** Window of a max pool. */
export type MaxPoolWindow<L extends Layout = Layout2d> = WindowOptions<L>;

/** Options of a max pool. */
export type MaxPoolOptions<L extends Layout = Layout2d> = MaxPoolWindow<L> & NoIndicesOption;
/** Options of a max pool that returns indices. */
export type MaxPoolIndicesOptions<L extends Layout = Layout2d> = MaxPoolWindow<L> & IndicesOption;

/** Windows of an adaptive pool. */
export interface AdaptiveWindow<L extends Layout = Layout2d> {
  /** Extents of the result; one number for all axes, or one per axis, where null keeps that of `x`. */
  readonly outputSize: PerAxis<L, number | null>;
  /** Order of axes of `x` and the result; default channels first. */
  readonly layout?: L | undefined;
}

/** Options of an adaptive max pool. */
export type AdaptiveMaxPoolOptions<L extends Layout = Layout2d> = AdaptiveWindow<L> & NoIndicesOption;
/** Options of an adaptive max pool that returns indices. */
export type AdaptiveMaxPoolIndicesOptions<L extends Layout = Layout2d> = AdaptiveWindow<L> & IndicesOption;

/** What every global pool takes. */
export interface GlobalLayout {
  /** Order of axes of `x`, and how many are spatial; default channels first, behind an axis for the batch. */
  readonly layout?: Layout | undefined;
}

/** Options of a global pool. */
export interface GlobalPoolOptions extends GlobalLayout, OutOption {}
