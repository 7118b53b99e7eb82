import { sizeOf } from '../shape/tensor.js';
import { readable, type Serve } from './kernel.js';
import { type Planned, runPlan } from './plans.js';
import { axesOf } from './reduce.js';

/** Floats of a run from which copying it at once pays. */
const RUN = 16;

/** What stands at some indices of an axis; undefined where one is not there, which TensorFlow.js has a word for. */
export const take: Serve = (around, { inputs: { x, indices }, attrs }) => {
  if (!readable(around, x) || indices?.dtype !== 'int32' || (attrs.batchDims ?? 0) !== 0) return undefined;
  const [axis] = axesOf(attrs.axis ?? 0, x.shape.length) ?? [];
  if (axis === undefined) return undefined;
  const extent = x.shape[axis];
  const at = around.backend.readSync(indices.dataId) as Int32Array;
  if (at.length === 0 || !at.every((index) => index >= 0 && index < extent)) return undefined;
  const outer = sizeOf(x.shape.slice(0, axis));
  const run = sizeOf(x.shape.slice(axis + 1));
  const plan: Planned = {
    ...{ bytes: 0, shape: [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)] },
    run({ arena, from: [x], to: [y] }) {
      // one view, because only within one are runs copied without a view of their own
      const floats = arena.f32(0, Math.max(x + outer * extent * run * 4, y + outer * at.length * run * 4) / 4);
      let to = y / 4;
      for (let i = 0; i < outer; i++) {
        const block = x / 4 + i * extent * run;
        for (let j = 0; j < at.length; j++, to += run) {
          const begin = block + at[j] * run;
          if (run >= RUN) floats.copyWithin(to, begin, begin + run);
          else for (let k = 0; k < run; k++) floats[to + k] = floats[begin + k];
        }
      }
    },
  };
  return runPlan(around, plan, [x]);
};
