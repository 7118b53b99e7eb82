import type { ConvProblem } from '../types.js';
import { keepBlock } from '../wasm/block.js';
import { recordBytes, writeGeometry, writeRecord } from '../wasm/records.js';
import type { ConvAlgorithm } from './algorithm.js';
import { throughDoor } from './indirect.js';
import { weightOrder, windowSegments } from './panels.js';

/**
 * More outputs than these fill the lanes of other rows. (One output is 2 to 3 times as fast here as in the next best row, two 1.5 to 3 times, three 1.1 to
 * 1.7 times, four as fast as by Winograd's and 1.1 to 1.6 times as fast as in the others.)
 */
const MOST_OUTPUTS = 4;

/** Weights as [pairs of outputs][k / 4][2][4], the last pair perhaps of one. */
function pairs(p: ConvProblem, weight: Float32Array): Float32Array {
  const { k, n, taps } = weightOrder(p);
  const depth = taps.length * p.ic;
  const packed = new Float32Array(p.oc * depth);
  for (let o = 0; o < p.oc; o++) {
    const width = Math.min(2, p.oc - (o & ~1));
    for (let i = 0; i < depth; i++) {
      const to = (o & ~1) * depth + (i >> 2) * 4 * width + (o & 1) * 4 + (i & 3);
      packed[to] = weight[taps[Math.floor(i / p.ic)] + (i % p.ic) * k + o * n];
    }
  }
  return packed;
}

/** Lanes are input channels: where outputs are too few to fill the register tile. */
export const fewOutputs: ConvAlgorithm = {
  name: 'few-outputs',
  accuracy: 'high',
  refuses(p) {
    if (p.groups > 1) return `${p.groups} groups`;
    const { k } = windowSegments(p);
    if (k % 4 !== 0 || k === 0) return `runs of ${k} floats, not of a multiple of 4`;
    return null;
  },
  declines(p) {
    if (p.oc > MOST_OUTPUTS) return `${p.oc} outputs fill the lanes`;
    // one tap is read once: turning it costs more than empty lanes
    if (!p.channelsLast && p.kd * p.kh * p.kw === 1) return 'a single tap with channels first';
    return null;
  },
  prepare(host, p, weight, bias) {
    const { arena, exports } = host;
    const { offsets, k } = windowSegments(p);
    const packed = pairs(p, weight);
    const at = keepBlock(arena, {
      geometry: recordBytes('geometry'),
      product: recordBytes('product'),
      segments: offsets.length * 4,
      bias: p.oc * 4,
      panels: packed.length * 4,
    });
    writeGeometry(host, at.geometry, p);
    arena.i32(at.segments, offsets.length).set(offsets);
    arena.f32(at.panels, packed.length).set(packed);
    const biases = arena.f32(at.bias, p.oc);
    biases.fill(0);
    if (bias) biases.set(bias);
    const [lo, hi] = p.clamp;
    writeRecord(host, 'product', at.product, { ...at, k, segmentCount: offsets.length, n: p.oc, lo, hi });
    return throughDoor(
      host,
      p,
      at.geometry,
      () => arena.release(at.block),
      (...operands) => exports.convFew(at.geometry, at.product, ...operands),
    );
  },
};
