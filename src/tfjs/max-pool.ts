import { indexed } from '../algorithms/pool/indexed.js';
import type { PoolOperands } from '../algorithms/pool/rows.js';
import { sizeOf } from '../shape/tensor.js';
import type { PoolProblem } from '../types.js';
import type { Address } from '../wasm/arena.js';
import { layOut, placed, round64 } from '../wasm/block.js';
import { type Job, oneStep, runAll, scratchBytes, stepsOf } from '../wasm/crew.js';
import type { Host } from '../wasm/host.js';

// Our pools let NaN win, those of TensorFlow.js skip it. A sum tells whether there is any among the maxima, which is
// rare; then the pool runs again on a copy without.

/** Whether a sum of all is a number: then none is NaN or infinite. `own`: 8 bytes of scratch. */
function allFinite({ arena, exports }: Host, at: Address, size: number, own: Address): boolean {
  const sum = arena.f64(own, 1);
  sum[0] = 0;
  exports.rowSums(own, at, 1, size);
  return Number.isFinite(sum[0]);
}

/** A copy in which -Infinity stands for NaN. */
function withoutNaN({ arena }: Host, x: Address, size: number, to: Address): void {
  const [from, copy] = [arena.f32(x, size), arena.f32(to, size)];
  for (let i = 0; i < size; i++) copy[i] = Number.isNaN(from[i]) ? -Infinity : from[i];
}

/** Maxima that are not NaN, from operands x and y. */
export function maxJob(on: Host, pool: Job, xSize: number, ySize: number): Job {
  const { offsets, bytes } = layOut({ sum: 8, copy: xSize * 4, pool: scratchBytes(pool) });
  return oneStep({
    ownBytes: bytes,
    run([x, y]: readonly number[], _begin, _end, own) {
      const at = placed(offsets, own);
      runAll(pool, [x, y], at.pool);
      if (allFinite(on, y, ySize, at.sum)) return;
      withoutNaN(on, x, xSize, at.copy);
      runAll(pool, [at.copy, y], at.pool);
    },
  });
}

/** From gradY and x the gradient for x. `pool`: with indices. */
export function maxGradJob(on: Host, pool: Job<PoolOperands>, window: PoolProblem): Job {
  const { channelsLast, n, c, xShape, yShape } = window;
  const [xSize, ySize] = [sizeOf(xShape), sizeOf(yShape)];
  const maps = { channelsLast, n, c, values: ySize / (n * c), cells: xSize / (n * c) };
  const scatter = indexed(on, { way: 'scatter', add: true, clear: true }, maps, () => {});
  const { offsets, bytes } = layOut({
    ...{ sum: 8, copy: xSize * 4, values: ySize * 4, indices: ySize * 4, pool: scratchBytes(pool) },
  });
  const find = oneStep({
    run([, x]: readonly number[], _begin, _end, _own, shared) {
      const at = placed(offsets, shared);
      runAll(pool, [x, at.values, at.indices], at.pool);
      if (allFinite(on, at.values, ySize, at.sum)) return;
      withoutNaN(on, x, xSize, at.copy);
      runAll(pool, [at.copy, at.values, at.indices], at.pool);
      // a window of nothing but -Infinity has no maximum
      const [values, indices] = [on.arena.f32(at.values, ySize), on.arena.i32(at.indices, ySize)];
      for (let i = 0; i < ySize; i++) if (values[i] === -Infinity) indices[i] = -1;
    },
  });
  const spread = stepsOf(
    scatter,
    ([gradY, , gradX]: readonly number[], shared) => [gradY, shared + offsets.indices, gradX] as const,
  );
  const sharedBytes = round64(bytes);
  return { ownBytes: scatter.ownBytes, sharedBytes, steps: [...find.steps, ...spread], dispose() {} } as Job;
}
