import { keepBlock, round64 } from '../../wasm/block.js';
import {
  DEPTHWISE_GRAD,
  DEPTHWISE_GRAD_BYTES,
  GEOMETRY_BYTES,
  PANEL_STEP,
  SPARE_OFFSETS,
} from '../../wasm/boundary.js';
import { oneStep } from '../../wasm/crew.js';
import { fill, writeGeometry, writeRecord } from '../../wasm/records.js';
import { refusesDepthwise } from '../depthwise.js';
import type { WeightGradRow } from '../row.js';
import { wholePanels } from '../tile-record.js';
import { placement } from './place.js';

/**
 * Output pixels of a band: a panel of eight channels of them and of their windows lies in the L1 cache (224 to 784 are
 * alike within 10 %).
 */
const BAND_PIXELS = 256;

/** One channel a group: lanes are channels, taps share the vector of gradY they meet. */
export const depthwise: WeightGradRow = {
  name: 'depthwise',
  accuracy: 'high',
  refuses: refusesDepthwise,
  prepare(host, p) {
    const { arena, exports } = host;
    const taps = p.kd * p.kh * p.kw;
    const multiplier = p.oc / p.ic;
    const wide = wholePanels(p.ic);
    const bandW = Math.min(p.ow, BAND_PIXELS);
    const bandH = Math.min(p.oh, Math.max(1, Math.floor(BAND_PIXELS / bandW)));
    const rows = (bandH - 1) * p.sh + (p.kh - 1) * p.dh + 1;
    const cols = (bandW - 1) * p.sw + (p.kw - 1) * p.dw + 1;
    const bands = p.n * p.od * Math.ceil(p.oh / bandH) * Math.ceil(p.ow / bandW);
    const offsets = Array.from({ length: taps }, (_, tap) => {
      const [kz, ky, kx] = [Math.floor(tap / p.kw / p.kh), Math.floor(tap / p.kw) % p.kh, tap % p.kw];
      return ((kz * rows + ky * p.dh) * cols + kx * p.dw) * PANEL_STEP;
    });
    const kept = keepBlock(arena, {
      geometry: GEOMETRY_BYTES,
      record: DEPTHWISE_GRAD_BYTES,
      offsets: (taps + SPARE_OFFSETS) * 4,
    });
    writeGeometry(host, kept.geometry, p);
    const table = arena.i32(kept.offsets, taps + SPARE_OFFSETS);
    table.fill(offsets[taps - 1]);
    table.set(offsets);
    const sumFloats = multiplier * taps * wide;
    writeRecord(host, DEPTHWISE_GRAD, kept.record, { bandH, bandW, rows, cols, taps, offsets: kept.offsets });
    const sumBytes = round64(sumFloats * 4);
    const place = placement(host, p);
    return oneStep({
      ownBytes: sumBytes + exports.depthwiseGradScratch(kept.geometry, kept.record),
      run([x, gradY, gradWeight, accumulate], _begin, _end, sum) {
        fill(host, sum, sumFloats, 0);
        exports.depthwiseGrad(kept.geometry, kept.record, x, gradY, sum, 0, bands, sum + sumBytes);
        for (let j = 0; j < multiplier; j++) {
          const from = { at: sum + j * taps * wide * 4, tap: wide, c: 0, o: 1 };
          place(gradWeight, accumulate, from, { first: j, step: multiplier, count: p.ic });
        }
      },
      dispose: () => arena.release(kept.block),
    });
  },
};
