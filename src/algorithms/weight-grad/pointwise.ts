import { keepBlock } from '../../wasm/block.js';
import { recordBytes, writeRecord } from '../../wasm/records.js';
import type { WeightGradAlgorithm } from './algorithm.js';

/** Pixels of a block, of one image or of several whole ones: what the product takes in one pass over k. */
const BLOCK_PIXELS = 512;
/** As in assembly/gemm/gemm.ts. */
const TABLE_BYTES = 192 * 8;

/**
 * 1 x 1 kernels with channels first: gradWeight[oc][ic] = gradY[oc][pixel] · xᵀ[pixel][ic]. Rows of gradY are read in place, x is packed as it
 * comes, and the result is laid out as it stays, so nothing is turned.
 */
export const pointwise: WeightGradAlgorithm = {
  name: 'pointwise',
  accuracy: 'high',
  refuses(p) {
    if (p.kd * p.kh * p.kw !== 1) return `the kernel has ${p.kd * p.kh * p.kw} taps, not 1`;
    if (p.channelsLast) return 'channels last';
    if (p.weightsLast) return 'weights with channels last';
    if (p.groups > 1) return `${p.groups} groups`;
    if (p.pd + p.ph + p.pw + p.pdEnd + p.phEnd + p.pwEnd > 0) return 'the input is padded';
    if (p.id * p.ih * p.iw !== p.od * p.oh * p.ow) return 'pixels of the input are left out';
    return null;
  },
  prepare(host, p) {
    const { arena, exports } = host;
    const pixels = p.id * p.ih * p.iw;
    const images = Math.max(1, Math.min(p.n, Math.floor(BLOCK_PIXELS / pixels)));
    const parts = Math.ceil(pixels / BLOCK_PIXELS);
    const columns = Math.ceil(p.ic / 8) * 8;
    const at = keepBlock(arena, {
      product: recordBytes('product'),
      strip: recordBytes('strip'),
      zeros: 32,
      segments: images * 4,
    });
    arena.f32(at.zeros, 8).fill(0);
    arena.i32(at.segments, images).set(Array.from({ length: images }, (_, image) => image * p.oc * pixels * 4));
    return {
      scratchBytes: TABLE_BYTES + images * Math.ceil(pixels / parts) * columns * 4,
      run(x, gradY, gradWeight, accumulate, scratch) {
        const panels = scratch + TABLE_BYTES;
        if (p.n === 0 && !accumulate) arena.f32(gradWeight, p.oc * p.ic).fill(0);
        for (let first = 0; first < p.n; first += images) {
          const count = Math.min(images, p.n - first);
          for (let part = 0; part < parts; part++) {
            const begin = Math.floor((pixels * part) / parts);
            const k = Math.floor((pixels * (part + 1)) / parts) - begin;
            for (let image = 0; image < count; image++) {
              const from = x + ((first + image) * p.ic * pixels + begin) * 4;
              exports.packPanels(panels + image * k * 32, count * k * 32, from, k, p.ic, 4, pixels * 4, 1);
            }
            writeRecord(host, 'product', at.product, {
              ...{ k, segmentCount: count, segments: at.segments, n: p.ic, mr: host.mr, panels, strip: at.strip },
              ...{ a: gradY + (first * p.oc * pixels + begin) * 4, bias: at.zeros, zeros: at.zeros },
              addend: accumulate || first + part > 0 ? gradWeight : 0,
              ...{ c: gradWeight, lo: -Infinity, hi: Infinity },
            });
            exports.gemmRows(at.product, pixels * 4, p.ic * 4, 0, p.oc, scratch);
          }
        }
      },
      dispose: () => arena.release(at.block),
    };
  },
};
