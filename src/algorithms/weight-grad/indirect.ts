import type { ConvProblem } from '../../types.js';
import { keepBlock, round64 } from '../../wasm/block.js';
import { GEOMETRY_BYTES, TALL, WEIGHT_GRAD, WEIGHT_GRAD_BYTES } from '../../wasm/boundary.js';
import { oneStep } from '../../wasm/crew.js';
import { writeGeometry, writeRecord } from '../../wasm/records.js';
import { Door } from '../door.js';
import { windowSegments } from '../panels.js';
import type { WeightGradRow } from '../row.js';
import { wholePanels } from '../tile-record.js';
import { weightSum } from './place.js';

/**
 * Bytes of x and gradY in a block of pixels: they stay in the L2 cache while the tiles pass
 * (gradW_ic64ih56iw56_oc64kh3kw3_ph1pw1 and gradW_ic128ih28iw28_oc128kh3kw3_ph1pw1: 98 to 784 pixels are alike within 3
 * %; gradW_ic256ih14iw14_oc256kh3kw3_ph1pw1: 98 pixels 1.1 times 392).
 */
const BLOCK_BYTES = 256 * 1024;
/**
 * Fewest pixels of a block: a tile has its own loads and stores at the end. More where weights beyond the L2 cache pass
 * through once a block (gradW_ic512ih7iw7_oc512kh3kw3_ph1pw1: 392 pixels 1.13 times 98).
 */
const LEAST_PIXELS = 96;
const LEAST_PIXELS_OF_MANY_WEIGHTS = 384;
const MANY_WEIGHTS = 1024 * 1024;
/** Most pixels of a block: short enough chains of additions. */
const MOST_PIXELS = 512;

/**
 * Floats from pixel to pixel of x from which on the lines of a strip meet so few sets of the L1 cache that copies pay
 * (512: 1.2 times, 256: 0.9).
 */
const STRIP_STEP = 384;
/** Columns over which a copied strip is worth it. */
const STRIP_COLUMNS = 64;

/**
 * Share of the peak that tiles of so many rows reach: few rows are few chains of additions, and the same loads for less
 * arithmetic.
 */
const heights = [0, 0.25, 0.5, 0.7, 0.85, 0.95, 1];

/** What part of the peak `rows` by `columns` reach in tiles of at most TALL x NR. */
function efficiency(rows: number, columns: number): number {
  const tiles = Math.ceil(rows / TALL);
  return (heights[Math.floor(rows / tiles)] * columns) / wholePanels(columns);
}

/** Pixels of a block: of the problem alone, because it settles the order of the sums. */
function blockPixels(p: ConvProblem, weights: number): number {
  const least = weights > MANY_WEIGHTS ? LEAST_PIXELS_OF_MANY_WEIGHTS : LEAST_PIXELS;
  return Math.min(MOST_PIXELS, Math.max(least, Math.floor(BLOCK_BYTES / (4 * (p.ic + p.oc)))));
}

/**
 * Outer products of kernel rows of x and pixels of gradY in register tiles: serves every kernel, stride, dilation and
 * group count. Few output channels become the rows of the tiles, for which nothing is packed; else they are its
 * columns, gradY packed block by block.
 */
export const indirect: WeightGradRow = {
  name: 'indirect',
  accuracy: 'high',
  refuses: () => null,
  prepare(host, p) {
    const { arena, exports } = host;
    const { offsets, k } = windowSegments(p);
    const ocg = p.oc / p.groups;
    const turned = efficiency(ocg, k) > efficiency(k, ocg);
    const sums = weightSum(host, p, turned ? 'oc-first' : 'oc-last');
    const at = keepBlock(arena, { geometry: GEOMETRY_BYTES, record: WEIGHT_GRAD_BYTES, segments: offsets.length * 4 });
    const { geometry, record, segments } = at;
    writeGeometry(host, geometry, p);
    arena.i32(segments, offsets.length).set(offsets);
    writeRecord(host, WEIGHT_GRAD, record, {
      ...{ segments, segmentCount: offsets.length, k, swapped: turned ? 1 : 0, mr: host.mr },
      block: blockPixels(p, (p.ic / p.groups) * p.oc * p.kd * p.kh * p.kw),
      strips: Number(!turned && p.ic * p.sw >= STRIP_STEP && ocg >= STRIP_COLUMNS),
    });
    const y = turned ? 'operand' : 'as it stands';
    const door = new Door(host, p, geometry, { y, core: () => exports.weightGradScratch(geometry, record) });
    const sumBytes = round64(sums.bytes);
    return oneStep({
      ownBytes: sumBytes + door.bytes,
      run([x, gradY, gradWeight, accumulate], _begin, _end, own) {
        const { sum, keep } = sums.open(gradWeight, accumulate, own);
        let overwrites = keep ? 0 : 1;
        door.run([x, 0, gradY], 0, door.units, own + sumBytes, ({ image, y, end, scratch }) => {
          exports.convWeightGrad(geometry, record, image, y, sum, overwrites, 0, end, scratch);
          overwrites = 0;
        });
        sums.close(gradWeight, accumulate, sum);
      },
      dispose: () => arena.release(at.block),
    });
  },
};
