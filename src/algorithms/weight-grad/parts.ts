import type { ConvProblem } from '../../types.js';
import { round64 } from '../../wasm/block.js';
import { runAll, scratchBytes } from '../../wasm/crew.js';
import type { WeightGradRow } from '../row.js';

/** Most parts, and pixels of a part at least: each part brings its sums together and writes them once more. */
const MOST_PARTS = 8;
const LEAST_PIXELS = 384;
/** Most bytes of sums that wait. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Weights of a unit that adds parts. */
const UNIT = 1 << 14;

/** Parts of the batch, of as many images each. The problem alone decides, because it settles the order of the sums. */
function partsOf(p: ConvProblem, weights: number): number {
  const fits = (parts: number) =>
    p.n % parts === 0 && (p.n / parts) * p.od * p.oh * p.ow >= LEAST_PIXELS && (parts - 1) * weights * 4 <= MOST_BYTES;
  let parts = MOST_PARTS;
  while (parts > 1 && !fits(parts)) parts--;
  return parts;
}

/** Makes a row sum parts of the batch one by one, and then the parts, so that threads can share them. */
export const inParts = (row: WeightGradRow): WeightGradRow => ({
  ...row,
  prepare(host, p) {
    const weights = (p.ic / p.groups) * p.oc * p.kd * p.kh * p.kw;
    const parts = partsOf(p, weights);
    if (parts === 1) return row.prepare(host, p);
    const n = p.n / parts;
    const [[, ...x], [, ...y]] = [p.xShape, p.yShape];
    const one = row.prepare(host, { ...p, n, xShape: [n, ...x], yShape: [n, ...y] });
    const xBytes = n * p.ic * p.id * p.ih * p.iw * 4;
    const yBytes = n * p.oc * p.od * p.oh * p.ow * 4;
    const sumBytes = round64(weights * 4);
    return {
      ownBytes: scratchBytes(one),
      sharedBytes: (parts - 1) * sumBytes,
      steps: [
        {
          units: parts,
          run([x, gradY, gradWeight, accumulate], begin, end, own, sums) {
            for (let i = begin; i < end; i++) {
              const [to, keep] = i === 0 ? [gradWeight, accumulate] : [sums + (i - 1) * sumBytes, 0];
              runAll(one, [x + i * xBytes, gradY + i * yBytes, to, keep], own);
            }
          },
        },
        {
          units: Math.ceil(weights / UNIT),
          run([, , gradWeight], begin, end, _own, sums) {
            const [at, count] = [begin * UNIT * 4, Math.min(weights, end * UNIT) - begin * UNIT];
            for (let i = 1; i < parts; i++) {
              host.exports.addScaled(gradWeight + at, sums + (i - 1) * sumBytes + at, count, 1);
            }
          },
        },
      ],
      dispose: one.dispose,
    };
  },
});
