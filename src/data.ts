export { FormatError } from './data/format-error.js';
export { npy } from './data/npy.js';
export { type SafeTensors, safetensors } from './data/safetensors.js';
export { OptionError, ShapeError, StridewiseError, UnsupportedError } from './errors.js';
export type { Tensor } from './types.js';
