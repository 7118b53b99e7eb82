import type { ConvProblem } from '../../types.js';
import type { Address } from '../../wasm/arena.js';
import { NR, PANEL_STEP } from '../../wasm/boundary.js';
import { oneStep, runOnThreads, scratchBytes } from '../../wasm/crew.js';
import type { Host } from '../../wasm/host.js';
import { ofProducts, threadsOf } from '../../wasm/sharing.js';
import { weightOrder } from '../panels.js';
import { staged } from '../staged.js';
import { kernelMatrix, SIXTH } from './points.js';
import type { Tiling } from './tiling.js';

/**
 * Packs taps, divided by 36, into [groups][panels][kernel planes][phases of the stride][input
 * channels][taps][taps][8] at `panels`; those past the kernel's end are zeros.
 */
export function packTaps(host: Host, p: ConvProblem, tiling: Tiling, from: Address, panels: Address): void {
  const { arena, exports } = host;
  const { grid: t, weights } = tiling;
  const { group, k, n, taps } = weightOrder(p);
  const icg = p.ic / p.groups;
  const tapBytes = (taps[1] - taps[0]) * 4;
  // without a stride, all taps are one row
  const [kh, kw] = t.runs === 1 ? [1, p.kh * p.kw] : [p.kh, p.kw];
  const [tapsH, tapsW] = t.runs === 1 ? [kh, kw] : [t.y.taps, t.x.taps];
  if (t.runs > 1) arena.f32(panels, (p.groups * weights.weightGroup) / 4).fill(0);
  const columns = p.oc / p.groups;
  const job = oneStep<readonly []>({
    units: p.groups * weights.depth,
    run(_operands, begin, end) {
      for (let unit = begin; unit < end; unit++) {
        const [part, slice] = [Math.floor(unit / weights.depth), unit % weights.depth];
        const phase = Math.floor(slice / icg) % t.runs;
        const x = phase % p.sw;
        const plane = Math.floor(slice / icg / t.runs) * kh;
        const count = Math.ceil((kw - x) / p.sw);
        for (let a = 0, y = Math.floor(phase / p.sw); y < kh; a++, y += p.sh) {
          const source = from + (part * group + taps[(plane + y) * kw + x] + (slice % icg) * k) * 4;
          const to = panels + part * weights.weightGroup + (slice * tapsH + a) * tapsW * PANEL_STEP;
          exports.packPanels(to, weights.weightPanel, source, count, columns, p.sw * tapBytes, n * 4, SIXTH * SIXTH);
        }
      }
    },
  });
  const threads = threadsOf(host, job, [{ shape: [p.oc, p.kd, p.kh, p.kw, icg] }]);
  arena.scratch(scratchBytes(job, threads), (at) => runOnThreads(host, job, [], threads, at));
}

/** Transforms the weights into U at `panels`. */
export function transformWeights(
  host: Host,
  p: ConvProblem,
  { y, x }: Tiling['grid'],
  weight: Float32Array,
  at: Record<'record' | 'geometry' | 'panels', Address>,
): void {
  const { arena, exports } = host;
  const [h, w] = [kernelMatrix(y.points, y.taps), kernelMatrix(x.points, x.taps)];
  const [forW, lines] = [h.length * 8, (h.length + w.length) * 8];
  const job = oneStep<readonly [weight: Address, matrices: Address]>({
    ownBytes: NR * 8 * y.taps * (x.taps + x.points),
    units: p.groups * Math.ceil(p.oc / p.groups / NR),
    run: ([from, forH], begin, end, own) =>
      exports.winogradWeights(at.record, at.geometry, forH, forH + forW, from, at.panels, begin, end, own),
  });
  // each is transformed along both axes
  const threads = threadsOf(host, ofProducts(job, weight.length * y.points * x.points));
  staged(host, weight, (from) =>
    arena.scratch(lines + scratchBytes(job, threads), (forH) => {
      arena.f64(forH, h.length + w.length).set([...h, ...w]);
      runOnThreads(host, job, [from, forH], threads, forH + lines);
    }),
  );
}
