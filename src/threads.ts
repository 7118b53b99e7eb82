export * from './index.js';
export { init } from './ops/init-threads.js';
export type { AnyWorker } from './wasm/team.js';
export { type ThreadsFeatures, type ThreadsOptions, threadsFeatures as features } from './wasm/threads.js';
export type { ThreadOptions } from './wasm/workers.js';
