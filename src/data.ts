export { FormatError } from './data/format-error.js';
export { npy } from './data/npy.js';
export { type SafeTensors, safetensors } from './data/safetensors.js';
export { OptionError, ShapeError, StridewiseError, UnsupportedError } from './errors.js';
export {
  type FromImageDataOptions,
  fromImageData,
  type HostImageData,
  type ImageScale,
  type Pixels,
  type ToImageDataOptions,
  toImageData,
} from './nn-functions.js';
export type { Layout2d, Tensor } from './types.js';
