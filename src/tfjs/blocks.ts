import { stepsOf } from '../nn/gather.js';
import { overAxes, type Plan } from '../nn/run.js';
import { sizeOf } from '../shape/tensor.js';

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
  const tables = axes.map(([extent, step, own]) => [extent, step * 4, own * 4]);
  const [extent, toStep, fromStep] = tables[0] ?? [1, 0, 0];
  return overAxes(tables, sizeOf(size) / extent, ({ kernels, from: [x], to: [y], scratch }, begin, count, end) => {
    const [toAt, fromAt] = [to.offset * 4 + begin * toStep, from.offset * 4 + begin * fromStep];
    kernels.permute(y + toAt, 0, x + fromAt, 0, 0, run, scratch, end, count);
  });
}

export const origin = (shape: readonly number[]) => shape.map(() => 0);
