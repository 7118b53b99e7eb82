import type { ConvProblem } from '../types.js';
import { keepBlock } from '../wasm/block.js';
import { GEMM_COLUMNS_SCRATCH, NR } from '../wasm/boundary.js';
import { oneStep } from '../wasm/crew.js';
import type { Host } from '../wasm/host.js';
import { partSize } from '../wasm/sharing.js';
import { keepWeights } from '../wasm/weights.js';
import { indirect } from './indirect.js';
import { weightOrder } from './panels.js';
import type { ConvJob, ConvRow } from './row.js';
import { tileParts, writeTile } from './tile-record.js';

/** Columns of a task at most, and at least where threads share them: each reads all rows. */
const TASK_COLUMNS = { most: 512, least: 24 } as const;

/**
 * Channels first: y[oc][pixel] = W[oc][ic] X[ic][pixel]. Rows of W are read in place, X is packed as it comes, and y is
 * written as it stays, so no layout changes. The bias is one more column of W over a row of ones.
 */
function channelsFirst(host: Host, p: ConvProblem, weight: Float32Array, bias: Float32Array | undefined): ConvJob {
  const { arena, exports } = host;
  const k = p.ic + (bias ? 1 : 0);
  const pixels = p.id * p.ih * p.iw;
  const at = keepBlock(arena, tileParts);
  writeTile(host, at, { k, n: 0, clamp: p.clamp });
  const order = weightOrder(p);
  const packed = keepWeights(arena, at.block, p.oc * k * 4, (to) => {
    const rows = arena.f32(to, p.oc * k);
    if (order.k === 1 && !bias) return rows.set(weight);
    for (let o = 0; o < p.oc; o++) {
      if (order.k === 1) rows.set(weight.subarray(o * p.ic, (o + 1) * p.ic), o * k);
      else for (let c = 0; c < p.ic; c++) rows[o * k + c] = weight[o * order.n + c * order.k];
      if (bias) rows[o * k + p.ic] = bias[o];
    }
  });
  const units = Math.ceil(pixels / NR);
  return oneStep({
    ownBytes: GEMM_COLUMNS_SCRATCH + NR * 4 * k,
    units: p.n * units,
    least: Math.floor(partSize(host, p.n * pixels, TASK_COLUMNS.most, TASK_COLUMNS.least) / NR),
    run([x, addend, y], begin, end, own) {
      for (let unit = begin; unit < end; ) {
        const n = Math.floor(unit / units);
        const next = Math.min(end, (n + 1) * units);
        const [from, to] = [unit, next].map((at) => Math.min(pixels, (at - n * units) * NR));
        const offset = n * p.oc * pixels * 4;
        const operands = [packed.at, x + n * p.ic * pixels * 4, y + offset, addend && addend + offset] as const;
        const steps = [p.ic, pixels * 4, 4, k * 4, pixels * 4, p.oc] as const;
        exports.gemmColumns(at.product, ...operands, ...steps, from, to, own);
        unit = next;
      }
    },
    dispose: packed.dispose,
  });
}

/** 1x1 kernels without padding, as one matrix product in the caller's own layout. */
export const pointwise: ConvRow = {
  name: 'pointwise',
  accuracy: 'high',
  refuses(p) {
    if (p.kd * p.kh * p.kw !== 1) return `the kernel has ${p.kd * p.kh * p.kw} taps, not 1`;
    if (p.pd + p.ph + p.pw + p.pdEnd + p.phEnd + p.pwEnd > 0) return 'the input is padded';
    if (p.groups > 1) return `${p.groups} groups`;
    if (!p.channelsLast && p.sd * p.sh * p.sw !== 1) return 'stride above 1 with channels first';
    // the gradient of a transposed convolution with output padding
    if (p.od !== Math.ceil(p.id / p.sd) || p.oh !== Math.ceil(p.ih / p.sh) || p.ow !== Math.ceil(p.iw / p.sw))
      return 'the output leaves out a part of the input';
    return null;
  },
  // with channels first no layout changes
  relativeCost: ({ channelsLast }) => (channelsLast ? 1 : 0.85),
  // one pixel is the same in both layouts: a row of pixels fills more lanes than a column
  prepare: (host, p, weight, bias) =>
    (p.channelsLast || p.id * p.ih * p.iw === 1 ? indirect.prepare : channelsFirst)(host, p, weight, bias),
};
