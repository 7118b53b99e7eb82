import { stepsOf } from '../nn/gather.js';
import type { Plan } from '../nn/run.js';

/** A block at an offset, in elements, of a tensor with so many elements from one index of each axis to the next. */
interface Block {
  readonly steps: readonly number[];
  readonly offset: number;
}

export const blockOf = (shape: readonly number[], begin: readonly number[]): Block => {
  const steps = stepsOf(shape);
  return { steps, offset: begin.reduce((sum, at, axis) => sum + at * steps[axis], 0) };
};

/** Copies a block: runs of what follows each other in both, for all indices of the axes around. */
export function copyPlan(size: readonly number[], to: Block, from: Block): Plan {
  const axes: number[][] = [];
  let run = 1;
  for (let axis = size.length - 1; axis >= 0; axis--) {
    const [extent, step, own] = [size[axis], to.steps[axis], from.steps[axis]];
    const outer = axes[0];
    if (!outer && step === run && own === run) run *= extent;
    else if (outer && step === outer[0] * outer[1] && own === outer[0] * outer[2]) outer[0] *= extent;
    else if (extent > 1) axes.unshift([extent, step, own]);
  }
  const words = axes.flatMap(([extent, step, own]) => [extent, step * 4, own * 4]);
  const bytes = words.length * 4;
  return {
    bytes,
    run({ kernels, arena, from: [x], to: [y], scratch }) {
      if (bytes > 0) arena.i32(scratch, words.length).set(words);
      kernels.permute(y + to.offset * 4, 0, x + from.offset * 4, 0, 0, run, scratch, scratch + bytes);
    },
  };
}

export const origin = (shape: readonly number[]) => shape.map(() => 0);
