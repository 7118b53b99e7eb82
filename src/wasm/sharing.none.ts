import type * as sharing from './sharing.js';

/** In place of `sharing.ts` where there are no threads: nobody helps. */

export const recorderOf: typeof sharing.recorderOf = () => undefined;
export const threadsOf: typeof sharing.threadsOf = () => 1;
export const ofProducts: typeof sharing.ofProducts = (job) => job;
export const fitted: typeof sharing.fitted = (row) => row;
export const tooFew: typeof sharing.tooFew = () => false;
export const partSize: typeof sharing.partSize = (_host, _all, size) => size;
export const mayShare = false;
export const copied: typeof sharing.copied = (view) => view.slice() as typeof view;
export const runShared: typeof sharing.runShared = () => {};
