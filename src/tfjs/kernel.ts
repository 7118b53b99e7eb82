import type { Kernels } from '../nn/boundary.js';
import { sizeOf } from '../shape/tensor.js';
import type { Place } from './place.js';
import type { Prepared } from './prepared.js';
import type { Backend, BackendUtil, Call, Kernel, TensorInfo } from './tf.js';

/** What kernels work with. */
export interface Surroundings {
  readonly place: Place;
  readonly prepared: Prepared;
  /** Kernels of `stridewise/nn` in the memory of the place. */
  readonly nn: Kernels;
  readonly util: BackendUtil;
  /** Name of the backend. */
  readonly name: string;
  readonly backend: Backend;
  readonly accuracy: 'standard' | 'high';
  /** A kernel of the same backend, as it was. */
  kernel(name: string): Kernel | undefined;
}

/** Serves a call, or leaves it to the kernel that was there before: undefined. */
export type Serve = (around: Surroundings, call: Call) => TensorInfo | TensorInfo[] | undefined;

/** Whether our kernels can read an operand: floats, not none of them, where they stand. */
export const readable = ({ place }: Surroundings, tensor: TensorInfo | undefined): tensor is TensorInfo =>
  tensor !== undefined && tensor.dtype === 'float32' && sizeOf(tensor.shape) > 0 && place.reaches(tensor);

/** A call on fewer floats takes less time where it was than on the way to our kernels. */
const FEW = 1024;

/** Whether our kernels can read an operand, and it is worth the way. */
export const worthy = (around: Surroundings, tensor: TensorInfo | undefined): tensor is TensorInfo =>
  readable(around, tensor) && sizeOf(tensor.shape) >= FEW;
