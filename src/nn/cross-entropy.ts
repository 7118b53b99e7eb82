import { OptionError, ShapeError } from '../errors.js';
import { integer } from '../shape/options.js';
import { show } from '../shape/show.js';
import { checkIndexTensor, checkTensor, checkVector, sizeOf } from '../shape/tensor.js';
import type { IndexTensor, Tensor } from '../types.js';
import type { Address } from '../wasm/arena.js';
import { round64 } from '../wasm/block.js';
import { CLASSES, CLASSES_BYTES } from './boundary.js';
import { type Loss, type LossOptions, lossOptions } from './loss.js';
import { leastRows, run, type Stage, type Work, writeRecord } from './run.js';
import { softmaxPlan } from './softmax.js';

/** Options of `crossEntropy`. */
export interface CrossEntropyOptions extends LossOptions {
  /** Weights of the classes; default 1. The mean divides by those of the targets. */
  readonly weight?: Float32Array | Tensor | undefined;
  /** The target that does not count; default -100. */
  readonly ignoreIndex?: number | undefined;
  /** Share of each target that goes to all classes alike, from 0 to 1; default 0. */
  readonly labelSmoothing?: number | undefined;
}

/** Integers of i32, negative ones too. */
function ignored(value: unknown): number {
  if (value === undefined) return -100;
  if (typeof value === 'number' && value < 0) return -integer('ignoreIndex', -value, 0);
  return integer('ignoreIndex', value, 0);
}

function smoothing(value: unknown): number {
  if (value === undefined) return 0;
  if (typeof value === 'number' && value >= 0 && value <= 1) return value;
  throw new OptionError(`labelSmoothing is ${show(value)}, expected a number from 0 to 1`);
}

/**
 * The cross entropy of softmax(x) along axis 1 and the classes of `target`.
 *
 * @param x logits, [n, c, ...]
 * @param target classes, [n, ...] of an `Int32Array`
 * @returns the loss, and with `wanted: { x: true }` the gradient of x
 * @throws ShapeError, OptionError for a class that there is not
 * @example
 * const target = { data: Int32Array.of(1), shape: [1] };
 * const { gradX } = crossEntropy(tensor([0, 0], [1, 2]), target, { wanted: { x: true } });
 * console.log(gradX?.data); // 0.5, -0.5
 */
export function crossEntropy(x: Tensor, target: IndexTensor, options?: CrossEntropyOptions): Loss {
  const { o, reduction, wanted } = lossOptions('crossEntropy', options, ['weight', 'ignoreIndex', 'labelSmoothing']);
  const { shape } = checkTensor('x', x);
  if (shape.length < 2) throw new ShapeError(`x has rank ${shape.length} (shape ${show(shape)}), expected [n, c, ...]`);
  const [n, classes, ...rest] = shape;
  const own = [n, ...rest];
  const { data } = checkIndexTensor('target', target, own);
  const weight = o.weight === undefined ? undefined : checkVector('weight', o.weight, classes);
  const [skipped, smooth] = [ignored(o.ignoreIndex), smoothing(o.labelSmoothing)];
  data.forEach((found, i) => {
    if (found !== skipped && !(found >= 0 && found < classes))
      throw new OptionError(`target[${i}] is ${found}, expected a class from 0 to ${classes - 1}, or ${skipped}`);
  });
  const cells = sizeOf(rest);
  const count = n * cells;
  const each = reduction === 'none';
  const [vector, grid, losses] = [round64(classes * 4), round64(x.data.length * 4), round64(count * 4)];
  const [weightsAt, logsAt] = [128, 128 + vector];
  const lossesAt = logsAt + (wanted ? 0 : grid);
  const outputs = [{ shape: each ? own : [] }, wanted ? { shape } : undefined];
  const weights = weight?.slice() ?? new Float32Array(classes).fill(1);
  const places = ({ to, scratch }: Work) => ({
    logs: wanted ? to[1] : scratch + logsAt,
    losses: each ? to[0] : scratch + lossesAt,
    record: scratch + 128 - round64(CLASSES_BYTES),
  });
  const write = ({ arena, from, scratch }: Work, at: Address, factor: number) => {
    const record = { n, classes, cells, ignored: skipped, target: from[1], weights: scratch + weightsAt, factor };
    const shares = { spread: smooth / classes, rest: 1 - smooth, all: weights.reduce((sum, w) => sum + w, 0) };
    writeRecord(arena, CLASSES, at, { ...record, ...shares });
  };
  const softmax = (isLog: 0 | 1, x: (work: Work) => Address) =>
    softmaxPlan({ outer: n, extent: classes, inner: cells }, isLog, (work) => [places(work).logs, x(work)]);
  const gradient: Stage = {
    ...softmax(0, (work) => places(work).logs),
    after: {
      ...{ units: n * classes, least: leastRows(Math.max(1, cells)) },
      run(work, begin, end) {
        const { logs, record } = places(work);
        work.kernels.crossEntropyGrad(logs, record, begin, end);
      },
    },
  };
  const [loss, gradX] = run([x, target], outputs, {
    ...softmax(1, ({ from }) => from[0]),
    bytes: lossesAt + (each ? 0 : losses),
    prepare: ({ arena, scratch }) => arena.f32(scratch + weightsAt, classes).set(weights),
    after: {
      run(work) {
        const { kernels, arena, to, scratch } = work;
        const { logs, losses, record } = places(work);
        write(work, record, 1);
        const sum = kernels.crossEntropyLosses(losses, logs, record);
        const factor = reduction === 'mean' ? 1 / sum : 1;
        write(work, record, factor);
        if (each) return;
        arena.f64(scratch, 1).fill(0);
        kernels.reduce(scratch, losses, 1, count, 1, 0, 0, 0);
        kernels.roundSums(to[0], scratch, 1, factor);
      },
      after: wanted ? gradient : undefined,
    },
  });
  return wanted ? { loss, gradX } : { loss };
}
