import { round64 } from './block.js';
import { type Job, runAll, scratchBytes } from './crew.js';
import type { Host } from './host.js';

/**
 * Most bytes of a run that warms its row up (ic64ih56iw56_oc64kh3kw3_ph1pw1 takes 3 MB); what is larger runs long
 * enough for the engine's compilers not to count.
 */
const WARM_BYTES = 4 * 1024 * 1024;

/**
 * Runs the first layer of every row once, on zeros: engines compile a kernel when it is called, and well when it has
 * run for a while. ic64ih56iw56_oc64kh3kw3_ph1pw1 in a fresh process: the first run takes 1.7 times as long as later
 * ones instead of 5 times, and `prepareConv2d` 16 ms instead of 6.
 * @param job of operands x, addend, y
 * @param floats of x and y
 */
export function warmUp(
  { arena, warm }: Host,
  row: string,
  job: Job<readonly [number, number, number]>,
  floats: readonly [number, number],
): void {
  const [x, y] = floats.map((count) => round64(count * 4));
  const bytes = x + y + scratchBytes(job);
  if (warm.has(row) || y === 0 || bytes > WARM_BYTES) return;
  warm.add(row);
  try {
    arena.scratch(bytes, (at) => {
      arena.f32(at, x / 4).fill(0);
      runAll(job, [at, 0, at + x], at + x + y);
    });
  } catch {
    // the layer is ready all the same, and its first run says what is amiss: too little memory, or a trap
  }
}
