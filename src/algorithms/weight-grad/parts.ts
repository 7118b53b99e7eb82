import type { ConvProblem } from '../../types.js';
import { round64 } from '../../wasm/block.js';
import { type Job, runAll, scratchBytes } from '../../wasm/crew.js';
import type { Host } from '../../wasm/host.js';
import type { WeightGradOperands, WeightGradRow } from '../row.js';
import { type Band, bandsOf } from './bands.js';

/** Most parts, and pixels of a part at least: each part brings its sums together and writes them once more. */
const MOST_PARTS = 8;
const LEAST_PIXELS = 384;
/** Most bytes of sums that wait. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Weights of a unit that adds parts. */
const UNIT = 1 << 14;

/** Parts of the batch, of as many images each. */
function imagesOf(p: ConvProblem, most: number): Band[] {
  const fits = (parts: number) => p.n % parts === 0 && (p.n / parts) * p.od * p.oh * p.ow >= LEAST_PIXELS;
  let parts = Math.min(MOST_PARTS, most);
  while (parts > 1 && !fits(parts)) parts--;
  const n = p.n / parts;
  const [[, ...x], [, ...y]] = [p.xShape, p.yShape];
  const problem = { ...p, n, xShape: [n, ...x], yShape: [n, ...y] };
  const [xFloats, yFloats] = [n * p.ic * p.id * p.ih * p.iw, n * p.oc * p.od * p.oh * p.ow];
  return Array.from({ length: parts }, (_, i) => ({ problem, x: i * xFloats, y: i * yFloats }));
}

/** A part with its job; parts that are alike share one. */
function bind(host: Host, row: WeightGradRow, parts: readonly Band[]) {
  const jobs = new Map<string, Job<WeightGradOperands>>();
  const bound = parts.map(({ problem, x, y }) => {
    const { n, ih, oh, ph, phEnd } = problem;
    const key = String([n, ih, oh, ph, phEnd]);
    const job = jobs.get(key) ?? row.prepare(host, problem);
    jobs.set(key, job);
    return { job, x: x * 4, y: y * 4 };
  });
  return { bound, jobs: [...jobs.values()] };
}

/**
 * Makes a row sum parts of the batch, or bands of a single image, one by one, and then the parts, so that threads can
 * share them. The problem alone decides about parts, because they settle the order of the sums.
 */
export const inParts = (row: WeightGradRow): WeightGradRow => ({
  ...row,
  prepare(host, p) {
    const weights = (p.ic / p.groups) * p.oc * p.kd * p.kh * p.kw;
    const most = 1 + Math.floor(MOST_BYTES / (weights * 4));
    const parts = p.n === 1 ? bandsOf(row, p, weights, most) : imagesOf(p, most);
    if (parts.length === 1) return row.prepare(host, p);
    const { bound, jobs } = bind(host, row, parts);
    const sumBytes = round64(weights * 4);
    return {
      ownBytes: Math.max(...jobs.map((job) => scratchBytes(job))),
      sharedBytes: (parts.length - 1) * sumBytes,
      steps: [
        {
          units: parts.length,
          run([x, gradY, gradWeight, accumulate], begin, end, own, sums) {
            for (let i = begin; i < end; i++) {
              const [to, keep] = i === 0 ? [gradWeight, accumulate] : [sums + (i - 1) * sumBytes, 0];
              const part = bound[i];
              runAll(part.job, [x + part.x, gradY + part.y, to, keep], own);
            }
          },
        },
        {
          units: Math.ceil(weights / UNIT),
          run([, , gradWeight], begin, end, _own, sums) {
            const [at, count] = [begin * UNIT * 4, Math.min(weights, end * UNIT) - begin * UNIT];
            for (let i = 1; i < parts.length; i++) {
              host.exports.addScaled(gradWeight + at, sums + (i - 1) * sumBytes + at, count, 1);
            }
          },
        },
      ],
      dispose() {
        for (const job of jobs) job.dispose();
      },
    };
  },
});
