import { sizeOf } from '../shape/tensor.js';
import type { Place } from './place.js';
import type { Prepared } from './prepared.js';
import type { BackendUtil, Call, Kernel, TensorInfo } from './tf.js';

/** What kernels work with. */
export interface Surroundings {
  readonly place: Place;
  readonly prepared: Prepared;
  readonly util: BackendUtil;
  readonly accuracy: 'standard' | 'high';
  /** A kernel of the same backend, as it was. */
  kernel(name: string): Kernel | undefined;
}

/** Serves a call, or leaves it to the kernel that was there before: undefined. */
export type Serve = (around: Surroundings, call: Call) => TensorInfo | undefined;

/** Whether our kernels can read an operand: floats, not none of them, where they stand. */
export const readable = ({ place }: Surroundings, tensor: TensorInfo | undefined): tensor is TensorInfo =>
  tensor !== undefined && tensor.dtype === 'float32' && sizeOf(tensor.shape) > 0 && place.reaches(tensor);
