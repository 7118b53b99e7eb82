import type { ConvProblem } from '../../types.js';
import { keepBlock, layOut, placed } from '../../wasm/block.js';
import { recordBytes, writeGeometry, writeRecord } from '../../wasm/records.js';
import type { WeightGradAlgorithm } from './algorithm.js';
import { GradFrame } from './frame.js';
import { weightSum } from './place.js';

/**
 * Tiles of a block: chains of additions are short, and transforms stay in the L2 cache (64@56: 48 to 128 are alike
 * within 3 %, 32 is 0.87 times).
 */
const BLOCK_TILES = 64;

/** The sums of so many weights pass through the cache with every block: twice the tiles (256@14: 1.03 times). */
const MANY_WEIGHTS = 32 * 1024;

/** Products of a tile and pair of channels: 6 x 6. */
const PRODUCTS = 36;

const round4 = (n: number) => Math.ceil(n / 4) * 4;
const round8 = (n: number) => Math.ceil(n / 8) * 8;
/** A cache line more than the bytes: 36 matrices a power of two apart would meet in one set of the L1 cache. */
const stagger = (bytes: number) => (Math.ceil(bytes / 64) + 1) * 64;

/** Tiles of an image. */
const tilesOf = (p: ConvProblem) => p.od * Math.ceil(p.oh / 4) * Math.ceil(p.ow / 4);

/** Tiles that the last transform and the traffic of the sums are worth. */
const OVERHEAD_TILES = 16;
/**
 * Least quotient of products by which this pays over direct summation (between 1.0 and 1.5 in a sweep of small
 * images).
 */
const LEAST_GAIN = 1.25;
/**
 * Least products a transformed channel takes part in, ic oc / (ic + oc) for one group whose lanes are full (8 x 8
 * gains 1.3 times, 6 x 6 nothing).
 */
const LEAST_PRODUCTS = 2.5;

/** Products of direct summation by those of tiles. */
function gain(p: ConvProblem): number {
  const pixels = p.n * p.od * p.oh * p.ow;
  return (pixels * 9) / (PRODUCTS * (p.n * tilesOf(p) + OVERHEAD_TILES));
}

/**
 * Winograd F(3 x 3, 4 x 4) in h and w, direct in d: a quarter of the products, with more rounding and NaN spread over
 * tiles.
 */
export const winograd: WeightGradAlgorithm = {
  name: 'winograd',
  accuracy: 'standard',
  refuses(p) {
    const { kh, kw, sh, sw, dh, dw } = p;
    if (kh !== 3 || kw !== 3) return `the kernel is ${kh} x ${kw}, not 3 x 3`;
    if (sh * sw !== 1) return `stride ${Math.max(sh, sw)}`;
    if (dh * dw !== 1) return `dilation ${Math.max(dh, dw)}`;
    if (p.groups > 1 && (p.oc / p.groups) % 8 > 0) return `groups of ${p.oc / p.groups} output channels, not a multiple of 8`;
    const ocg = p.oc / p.groups;
    const products = ((p.ic / p.groups) * p.oc * ocg) / ((p.ic + p.oc) * round8(ocg));
    if (products < LEAST_PRODUCTS) return `${products.toFixed(1)} products a transformed channel`;
    if (gain(p) < LEAST_GAIN) return `${gain(p).toFixed(2)} times fewer products`;
    return null;
  },
  prepare(host, p) {
    const { arena, exports } = host;
    const tiles = tilesOf(p);
    const weights = (p.ic / p.groups) * p.oc;
    // patches that reach over an edge are padded one by one
    const unpadded: ConvProblem = { ...p, pd: 0, ph: 0, pw: 0, pdEnd: 0, phEnd: 0, pwEnd: 0 };
    const block = weights > MANY_WEIGHTS ? 2 * BLOCK_TILES : BLOCK_TILES;
    const sums = weightSum(host, p, 'oc-last');
    const at = keepBlock(arena, {
      geometry: recordBytes('geometry'),
      door: recordBytes('geometry'),
      record: recordBytes('winogradGrad'),
    });
    const matrices = {
      vMatrix: stagger(block * round4(p.ic) * 4),
      uMatrix: stagger(block * round8(p.oc) * 4),
      sumMatrix: stagger(weights * 4),
    };
    const kernelBytes = PRODUCTS * matrices.sumMatrix;
    writeGeometry(host, at.geometry, p);
    writeGeometry(host, at.door, unpadded);
    writeRecord(host, 'winogradGrad', at.record, { ...matrices, mr: host.mr });
    const staging = { turnY: true, chunkPixels: 16 * block };
    const blockBytes = PRODUCTS * (matrices.vMatrix + matrices.uMatrix);
    const frame = new GradFrame(host, unpadded, at.door, staging, () => blockBytes);
    const { offsets, bytes } = layOut({
      sums: sums.bytes,
      products: p.kd * kernelBytes,
      transforms: Math.max(832, 640 + PRODUCTS * p.ic * 4 + 16),
    });
    return {
      scratchBytes: bytes + frame.scratchBytes,
      run(x, gradY, gradWeight, accumulate, scratch) {
        const { sum, keep } = sums.open(gradWeight, accumulate, scratch);
        const { products, transforms } = placed(offsets, scratch);
        let fresh = 1;
        frame.run(x, gradY, scratch + bytes, ({ image, gradY: y, images, scratch: v }) => {
          const u = v + PRODUCTS * matrices.vMatrix;
          for (let begin = 0; begin < images * tiles; begin += block) {
            const end = Math.min(begin + block, images * tiles);
            exports.winogradGradY(at.record, at.geometry, y, begin, end, u, transforms);
            for (let kz = 0; kz < p.kd; kz++) {
              const to = products + kz * kernelBytes;
              exports.winogradGradX(at.record, at.geometry, image, kz, begin, end, v, transforms);
              exports.winogradGradProducts(at.record, at.geometry, end - begin, v, u, to, fresh, transforms);
            }
            fresh = 0;
          }
        });
        for (let kz = 0; kz < p.kd && p.n > 0; kz++) {
          const to = sum + kz * 9 * weights * 4;
          exports.winogradGradWeights(at.record, products + kz * kernelBytes, weights, to, Number(keep), transforms);
        }
        sums.close(gradWeight, accumulate, sum);
      },
      dispose: () => arena.release(at.block),
    };
  },
};
