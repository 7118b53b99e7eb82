import type { ConvProblem } from '../types.js';
import { keepBlock } from '../wasm/block.js';
import type { Host } from '../wasm/host.js';
import { recordBytes, writeRecord } from '../wasm/records.js';
import type { ConvAlgorithm, ConvKernel } from './algorithm.js';
import { indirect } from './indirect.js';
import { weightOrder } from './panels.js';

/** As in assembly/gemm/gemm.ts: row table, then a block of panels and one more. */
const scratchBytes = (k: number) => 192 * 8 + 256 * 1024 + 32 * k;

/**
 * Channels first: y[oc][pixel] = W[oc][ic] X[ic][pixel]. Rows of W are read in place, X is packed as it comes, and y is written as it stays, so
 * nothing is turned. The bias is one more column of W over a row of ones.
 */
function channelsFirst(host: Host, p: ConvProblem, weight: Float32Array, bias: Float32Array | undefined): ConvKernel {
  const { arena, exports } = host;
  const k = p.ic + (bias ? 1 : 0);
  const pixels = p.id * p.ih * p.iw;
  const at = keepBlock(arena, {
    product: recordBytes('product'),
    strip: recordBytes('strip'),
    zeros: 32,
    weight: p.oc * k * 4,
  });
  arena.f32(at.zeros, 8).fill(0);
  const rows = arena.f32(at.weight, p.oc * k);
  const order = weightOrder(p);
  for (let o = 0; o < p.oc; o++) {
    for (let c = 0; c < p.ic; c++) rows[o * k + c] = weight[o * order.n + c * order.k];
    if (bias) rows[o * k + p.ic] = bias[o];
  }
  const product = {
    ...{ k, segmentCount: 1, segments: at.zeros, mr: host.mr, a: at.weight, bias: at.zeros, zeros: at.zeros, strip: at.strip },
    ...{ lo: p.clamp[0], hi: p.clamp[1] },
  };
  return {
    scratchBytes: scratchBytes(k),
    run(x, y, addend, scratch) {
      for (let n = 0; n < p.n; n++) {
        const c = y + n * p.oc * pixels * 4;
        writeRecord(host, 'product', at.product, { ...product, c, addend: addend && addend + n * p.oc * pixels * 4 });
        const b = x + n * p.ic * pixels * 4;
        exports.gemmColumns(at.product, b, p.ic, pixels * 4, 4, k * 4, pixels * 4, p.oc, 0, pixels, scratch);
      }
    },
    dispose: () => arena.release(at.block),
  };
}

/** 1x1 kernels without padding, as one matrix product in the caller's own layout. */
export const pointwise: ConvAlgorithm = {
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
  // with channels first nothing is turned round
  relativeCost: ({ channelsLast }) => (channelsLast ? 1 : 0.85),
  prepare: (host, p, weight, bias) => (p.channelsLast ? indirect : { prepare: channelsFirst }).prepare(host, p, weight, bias),
};
