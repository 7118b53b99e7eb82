import type { Clamp, Maps } from '../further.js';
import type { Address } from '../wasm/arena.js';
import { round64 } from '../wasm/block.js';
import { type Job, type Step, stepsOf } from '../wasm/crew.js';
import type { Host } from '../wasm/host.js';
import { ofProducts } from '../wasm/sharing.js';
import type { ConvJob, ConvOperands, WeightGradOperands } from './row.js';

/** A convolution that adds to what y holds. */
export const adding = (job: ConvJob): ConvJob => ({
  ...job,
  steps: stepsOf(job, ([x, , y]: ConvOperands): ConvOperands => [x, y, y]),
});

/** A weight gradient that overwrites its result, or adds to it. */
export const accumulating = (
  job: Job<WeightGradOperands>,
  accumulate: boolean,
): Job<readonly [x: Address, gradY: Address, gradWeight: Address]> => ({
  ...job,
  steps: stepsOf(
    job,
    ([x, gradY, gradWeight]: readonly number[]): WeightGradOperands => [
      ...([x, gradY, gradWeight] as const),
      accumulate ? 1 : 0,
    ],
  ),
});

/** Elements of a unit of the mask. */
const MASK_UNIT = 1 << 16;

/** An activation whose flat parts let no gradient through, by the bounds of its result, or one of another module. */
export interface Mask {
  /** Elements of the result. */
  readonly size: number;
  readonly clamp: Clamp;
  readonly maps: Maps;
}

/** Operands of a backward call: gradY, what the mask is made from or 0, then whatever its parts read and write. */
type BackwardOperands = readonly [gradY: Address, y: Address, ...others: number[]];

/** One gradient of a backward call. */
export interface Part {
  readonly job: Job;
  /** Its operands; `gradY` is masked. */
  operands(outer: BackwardOperands, gradY: Address): readonly number[];
}

/** A gradient and how it takes its operands. */
export const part = <Operands extends readonly number[] | []>(
  job: Job<Operands>,
  operands: (outer: BackwardOperands, gradY: Address) => Operands,
): Part => ({ job: job as unknown as Job, operands });

/** gradY where the activation let it through, from operands gradY and y into the shared scratch. */
function masking(host: Host, { size, clamp: [lo, hi, further], maps }: Mask): Step<BackwardOperands> {
  further?.check(maps.c);
  if (further) {
    return {
      units: 1,
      run: ([gradY, saved], _begin, _end, _own, masked) => further.grad(host, masked, gradY, saved, maps),
    };
  }
  return {
    units: Math.ceil(size / MASK_UNIT),
    run([gradY, y], begin, end, _own, masked) {
      const at = begin * MASK_UNIT * 4;
      const count = Math.min(size, end * MASK_UNIT) - begin * MASK_UNIT;
      host.exports.maskGradient(masked + at, gradY + at, y + at, count, lo, hi);
    },
  };
}

/** Gradients of one call, in turn: all read the same gradY, which is masked once where there was an activation. */
export function backwardJob(host: Host, mask: Mask | undefined, parts: readonly Part[]): Job<BackwardOperands> {
  const maskBytes = mask ? round64(mask.size * 4) : 0;
  const most = (of: (job: Job) => number) => parts.reduce((most, { job }) => Math.max(most, of(job)), 0);
  const job: Job<BackwardOperands> = {
    ownBytes: most(({ ownBytes }) => ownBytes),
    sharedBytes: maskBytes + most(({ sharedBytes }) => sharedBytes),
    steps: [
      ...(mask ? [masking(host, mask)] : []),
      ...parts.flatMap(({ job, operands }) =>
        stepsOf(job, (outer: BackwardOperands, shared) => operands(outer, mask ? shared : outer[0]), maskBytes),
      ),
    ],
    // the parts belong to the caller
    dispose() {},
  };
  return ofProducts(
    job,
    parts.reduce((sum, { job }) => sum + (job.products ?? 0), 0),
  );
}
