import type { ConvProblem } from '../../types.js';
import { keepBlock, layOut, placed } from '../../wasm/block.js';
import {
  GEOMETRY_BYTES,
  GRAD_POINTS,
  GRAD_SCRATCH,
  GRAD_X_SCRATCH,
  NR,
  WINOGRAD_GRAD,
  WINOGRAD_GRAD_BYTES,
} from '../../wasm/boundary.js';
import { oneStep } from '../../wasm/crew.js';
import { writeGeometry, writeRecord } from '../../wasm/records.js';
import { Door } from '../door.js';
import type { WeightGradRow } from '../row.js';
import { wholePanels } from '../tile-record.js';
import { weightSum } from './place.js';

/**
 * Tiles of a block: chains of additions are short, and transforms stay in the L2 cache
 * (gradW_ic64ih56iw56_oc64kh3kw3_ph1pw1: 48 to 128 are alike within 3 %, 32 is 0.87 times).
 */
const BLOCK_TILES = 64;

/**
 * The sums of so many weights pass through the cache with every block: twice the tiles
 * (gradW_ic256ih14iw14_oc256kh3kw3_ph1pw1: 1.03 times).
 */
const MANY_WEIGHTS = 32 * 1024;

const round4 = (n: number) => Math.ceil(n / 4) * 4;
/** A cache line more than the bytes: matrices a power of two apart would meet in one set of the L1 cache. */
const stagger = (bytes: number) => (Math.ceil(bytes / 64) + 1) * 64;

/** Tiles of an image. */
const tilesOf = (p: ConvProblem) => p.od * Math.ceil(p.oh / 4) * Math.ceil(p.ow / 4);

/** Tiles that the last transform and the traffic of the sums are worth. */
const OVERHEAD_TILES = 16;
/**
 * Least quotient of products by which this pays over direct summation (between 1.0 and 1.5 in a sweep of small images).
 */
const LEAST_GAIN = 1.25;
/**
 * Least products a transformed channel takes part in, ic oc / (ic + oc) for one group whose lanes are full (8 x 8 gains
 * 1.3 times, 6 x 6 nothing).
 */
const LEAST_PRODUCTS = 2.5;

/** Products of direct summation by those of tiles. */
function gain(p: ConvProblem): number {
  const pixels = p.n * p.od * p.oh * p.ow;
  return (pixels * 9) / (GRAD_POINTS * (p.n * tilesOf(p) + OVERHEAD_TILES));
}

/** Whether a tap of an axis falls outside the input in every window: its gradient is 0, where tiles leave rounding. */
const meetsPadding = (cells: number, windows: number, padding: number) => windows <= padding || 2 - padding >= cells;

/**
 * Winograd F(3 x 3, 4 x 4) in h and w, direct in d: a quarter of the products, with more rounding and NaN spread over
 * tiles.
 */
export const winograd: WeightGradRow = {
  name: 'winograd',
  accuracy: 'standard',
  refuses(p) {
    const { kh, kw, sh, sw, dh, dw } = p;
    if (kh !== 3 || kw !== 3) return `the kernel is ${kh} x ${kw}, not 3 x 3`;
    if (sh * sw !== 1) return `stride ${Math.max(sh, sw)}`;
    if (dh * dw !== 1) return `dilation ${Math.max(dh, dw)}`;
    if (p.groups > 1 && (p.oc / p.groups) % NR > 0)
      return `groups of ${p.oc / p.groups} output channels, not a multiple of ${NR}`;
    if (meetsPadding(p.ih, p.oh, p.ph) || meetsPadding(p.iw, p.ow, p.pw)) return 'taps that meet nothing but padding';
    return null;
  },
  declines(p) {
    const ocg = p.oc / p.groups;
    const products = ((p.ic / p.groups) * p.oc * ocg) / ((p.ic + p.oc) * wholePanels(ocg));
    if (products < LEAST_PRODUCTS) return `${products.toFixed(1)} products a transformed channel`;
    return gain(p) < LEAST_GAIN ? `${gain(p).toFixed(2)} times fewer products` : null;
  },
  prepare(host, p) {
    const { arena, exports } = host;
    const tiles = tilesOf(p);
    const weights = (p.ic / p.groups) * p.oc;
    // patches that reach over an edge are padded one by one
    const unpadded: ConvProblem = { ...p, pd: 0, ph: 0, pw: 0, pdEnd: 0, phEnd: 0, pwEnd: 0 };
    const block = weights > MANY_WEIGHTS ? 2 * BLOCK_TILES : BLOCK_TILES;
    const sums = weightSum(host, p, 'oc-last');
    const at = keepBlock(arena, { geometry: GEOMETRY_BYTES, door: GEOMETRY_BYTES, record: WINOGRAD_GRAD_BYTES });
    writeGeometry(host, at.geometry, p);
    writeGeometry(host, at.door, unpadded);
    const vMatrix = stagger(block * round4(p.ic) * 4);
    const uMatrix = stagger(block * wholePanels(p.oc) * 4);
    const sumMatrix = stagger(weights * 4);
    const productBytes = GRAD_POINTS * sumMatrix;
    writeRecord(host, WINOGRAD_GRAD, at.record, { vMatrix, uMatrix, sumMatrix, mr: host.mr });
    const staging = { y: 'operand', chunkPixels: 16 * block } as const;
    const door = new Door(host, unpadded, at.door, { ...staging, core: () => GRAD_POINTS * (vMatrix + uMatrix) });
    const parts = layOut({
      transforms: Math.max(GRAD_SCRATCH, GRAD_X_SCRATCH + GRAD_POINTS * p.ic * 4 + 16),
      ...{ sums: sums.bytes, products: p.kd * productBytes, door: door.bytes },
    });
    return oneStep({
      ownBytes: parts.bytes,
      run([x, gradY, gradWeight, accumulate], _begin, _end, own) {
        const { transforms, products, ...rest } = placed(parts.offsets, own);
        const { sum, keep } = sums.open(gradWeight, accumulate, rest.sums);
        let overwrites = 1;
        door.run([x, 0, gradY], 0, door.units, rest.door, ({ image, y, end: pixels, scratch: v }) => {
          const u = v + GRAD_POINTS * vMatrix;
          const all = (pixels / (p.od * p.oh * p.ow)) * tiles;
          for (let begin = 0; begin < all; begin += block) {
            const end = Math.min(begin + block, all);
            exports.winogradGradY(at.record, at.geometry, y, begin, end, u, transforms);
            for (let kz = 0; kz < p.kd; kz++) {
              const to = products + kz * productBytes;
              exports.winogradGradX(at.record, at.geometry, image, kz, begin, end, v, transforms);
              exports.winogradGradProducts(at.record, at.geometry, end - begin, v, u, to, overwrites, transforms);
            }
            overwrites = 0;
          }
        });
        for (let kz = 0; kz < p.kd && p.n > 0; kz++) {
          const [from, to] = [products + kz * productBytes, sum + kz * 9 * weights * 4];
          exports.winogradGradWeights(at.record, from, weights, to, keep ? 1 : 0, transforms);
        }
        sums.close(gradWeight, accumulate, sum);
      },
      dispose: () => arena.release(at.block),
    });
  },
};
