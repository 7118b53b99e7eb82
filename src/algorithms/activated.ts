import type { Clamp, Maps } from '../further.js';
import type { Address } from '../wasm/arena.js';
import type { Job } from '../wasm/crew.js';
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
  const run = (operands: Operands) => further.apply(host, operands[operands.length - 1] as Address, maps);
  // one unit, which stays on this thread: others do not have these kernels
  return { ...job, steps: [...job.steps, { units: 1, run }] };
}
