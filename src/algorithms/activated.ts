import type { Clamp, Maps } from '../further.js';
import type { Address } from '../wasm/arena.js';
import { round64 } from '../wasm/block.js';
import { type Job, stepsOf } from '../wasm/crew.js';
import type { Host } from '../wasm/host.js';

/**
 * A job whose last operand is a result, and then the activation of that, if it is more than bounds.
 * @throws ShapeError when it does not fit, before the job is made
 */
export function activated<Operands extends readonly number[]>(
  host: Host,
  [, , further]: Clamp,
  maps: Maps,
  make: () => Job<Operands>,
): Job<Operands> {
  further?.check(maps.c);
  const job = make();
  if (!further) return job;
  const after = further.job(host, maps);
  const at = round64(job.sharedBytes);
  const result = (operands: Operands): readonly [Address] => [operands[operands.length - 1]];
  return {
    ...job,
    ownBytes: Math.max(job.ownBytes, after.ownBytes),
    sharedBytes: at + after.sharedBytes,
    steps: [...job.steps, ...stepsOf(after, result, at)],
  };
}
