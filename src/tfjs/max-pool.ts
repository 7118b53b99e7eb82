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

/** Whether a sum of all is a number: then none is NaN or infinite. `sumAt`: 8 bytes of scratch. */
function allFinite({ arena, exports }: Host, at: Address, size: number, sumAt: Address): boolean {
  const sum = arena.f64(sumAt, 1);
  sum[0] = 0;
  exports.rowSums(sumAt, at, 1, size);
  return Number.isFinite(sum[0]);
}

/** A copy in which -Infinity stands for NaN. */
function withoutNaN({ arena }: Host, x: Address, size: number, to: Address): void {
  const [from, copy] = [arena.f32(x, size), arena.f32(to, size)];
  for (let i = 0; i < size; i++) copy[i] = Number.isNaN(from[i]) ? -Infinity : from[i];
}

/**
 * Maxima that are not NaN, from operands x and y; with operand indices the first cell of each, too, -1 where there is
 * none. `pool`: with indices or without.
 */
export function maxJob(on: Host, pool: Job<PoolOperands>, xSize: number, ySize: number): Job {
  const { offsets, bytes } = layOut({ sum: 8, copy: xSize * 4, pool: scratchBytes(pool) });
  const find = stepsOf(pool, ([x, y, places = 0]: readonly number[]) => [x, y, places] as const, offsets.pool);
  const check = oneStep({
    run([x, y, places = 0]: readonly number[], _begin, _end, _own, shared) {
      const at = placed(offsets, shared);
      if (allFinite(on, y, ySize, at.sum)) return;
      withoutNaN(on, x, xSize, at.copy);
      runAll(pool, [at.copy, y, places], at.pool);
      if (places === 0) return;
      // a window of nothing but -Infinity has no maximum
      const [values, indices] = [on.arena.f32(y, ySize), on.arena.i32(places, ySize)];
      for (let i = 0; i < ySize; i++) if (values[i] === -Infinity) indices[i] = -1;
    },
  });
  return { ...check, ownBytes: pool.ownBytes, sharedBytes: bytes, steps: [...find, ...check.steps] };
}

/**
 * Maxima, and where the first of each stands in its image, channels counted, or in all images: from operands x, y and
 * indices. `pool`: with indices.
 */
export function maxPlacesJob(on: Host, pool: Job<PoolOperands>, { n, c, xShape, yShape }: PoolProblem, all: boolean) {
  const [xSize, ySize] = [sizeOf(xShape), sizeOf(yShape)];
  const find = maxJob(on, pool, xSize, ySize);
  const count = oneStep({
    run([, , places]: readonly number[]) {
      const indices = on.arena.i32(places, ySize);
      for (let i = 0; i < ySize; i++) {
        const image = all ? Math.floor((i * n) / ySize) * (xSize / n) : 0;
        if (indices[i] >= 0) indices[i] = image + indices[i] * c + (i % c);
      }
    },
  });
  return { ...find, steps: [...find.steps, ...count.steps] };
}

/** From gradY and x the gradient for x. `pool`: with indices. */
export function maxGradJob(on: Host, pool: Job<PoolOperands>, window: PoolProblem): Job {
  const { channelsLast, n, c, xShape, yShape } = window;
  const [xSize, ySize] = [sizeOf(xShape), sizeOf(yShape)];
  const maps = { channelsLast, n, c, values: ySize / (n * c), cells: xSize / (n * c) };
  const scatter = indexed(on, { way: 'scatter', add: true, clear: true }, maps, () => {});
  const found = maxJob(on, pool, xSize, ySize);
  const { offsets, bytes } = layOut({ values: ySize * 4, indices: ySize * 4, found: found.sharedBytes });
  const find = stepsOf(
    found,
    ([, x]: readonly number[], shared) => [x, shared + offsets.values, shared + offsets.indices] as const,
    offsets.found,
  );
  const spread = stepsOf(
    scatter,
    ([gradY, , gradX]: readonly number[], shared) => [gradY, shared + offsets.indices, gradX] as const,
  );
  const ownBytes = Math.max(found.ownBytes, scatter.ownBytes);
  return { ownBytes, sharedBytes: round64(bytes), steps: [...find, ...spread], dispose() {} } as Job;
}
