import { keepBlock } from '../../wasm/block.js';
import { recordBytes, writeGeometry, writeRecord } from '../../wasm/records.js';
import type { WeightGradAlgorithm } from './algorithm.js';
import { placement } from './place.js';

/** Output pixels of a band: a panel of eight channels of them and of their windows lies in the L1 cache (224 to 784 are alike within 10 %). */
const BAND_PIXELS = 256;

/** One channel a group: lanes are channels, taps share the vector of gradY they meet. */
export const depthwise: WeightGradAlgorithm = {
  name: 'depthwise',
  accuracy: 'high',
  refuses(p) {
    if (p.groups !== p.ic) return `groups are of ${p.ic / p.groups} channels, not of 1`;
    // one channel is an ordinary convolution with few inputs
    if (p.ic === 1) return 'a single input channel';
    return null;
  },
  prepare(host, p) {
    const { arena, exports } = host;
    const taps = p.kd * p.kh * p.kw;
    const multiplier = p.oc / p.ic;
    const wide = Math.ceil(p.ic / 8) * 8;
    const bandW = Math.min(p.ow, BAND_PIXELS);
    const bandH = Math.min(p.oh, Math.max(1, Math.floor(BAND_PIXELS / bandW)));
    const rows = (bandH - 1) * p.sh + (p.kh - 1) * p.dh + 1;
    const cols = (bandW - 1) * p.sw + (p.kw - 1) * p.dw + 1;
    const bands = p.n * p.od * Math.ceil(p.oh / bandH) * Math.ceil(p.ow / bandW);
    const offsets = Array.from({ length: taps }, (_, tap) => {
      const [kz, ky, kx] = [Math.floor(tap / p.kw / p.kh), Math.floor(tap / p.kw) % p.kh, tap % p.kw];
      return ((kz * rows + ky * p.dh) * cols + kx * p.dw) * 32;
    });
    const at = keepBlock(arena, {
      geometry: recordBytes('geometry'),
      depthwise: recordBytes('depthwiseGrad'),
      offsets: (taps + 8) * 4,
    });
    writeGeometry(host, at.geometry, p);
    const table = arena.i32(at.offsets, taps + 8);
    table.fill(offsets[taps - 1]);
    table.set(offsets);
    const sumFloats = multiplier * taps * wide;
    writeRecord(host, 'depthwiseGrad', at.depthwise, { bandH, bandW, rows, cols, taps, offsets: at.offsets });
    const place = placement(host, p);
    return {
      scratchBytes: sumFloats * 4 + exports.depthwiseGradScratch(at.geometry, at.depthwise),
      run(x, gradY, gradWeight, accumulate, scratch) {
        arena.f32(scratch, sumFloats).fill(0);
        exports.depthwiseGrad(at.geometry, at.depthwise, x, gradY, scratch, 0, bands, scratch + sumFloats * 4);
        for (let j = 0; j < multiplier; j++) {
          const from = { at: scratch + j * taps * wide * 4, tap: wide, c: 0, o: 1 };
          place(gradWeight, accumulate, from, { first: j, step: multiplier, count: p.ic });
        }
      },
      dispose: () => arena.release(at.block),
    };
  },
};
