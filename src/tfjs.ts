export { MemoryError, OptionError, ShapeError, StridewiseError, UnsupportedError } from './errors.js';
export { type AccelerateOptions, type Acceleration, accelerate } from './tfjs/accelerate.js';
export type { TensorFlow } from './tfjs/tf.js';
export type { MemoryUsage } from './wasm/arena.js';
export type { BuildName } from './wasm/sources.js';
export type { AnyWorker } from './wasm/team.js';
export type { ThreadOptions } from './wasm/workers.js';
