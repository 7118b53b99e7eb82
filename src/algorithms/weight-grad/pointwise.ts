import { keepBlock, layOut, placed } from '../../wasm/block.js';
import { GEMM_SCRATCH, KC, PANEL_STEP } from '../../wasm/boundary.js';
import { oneStep } from '../../wasm/crew.js';
import type { WeightGradRow } from '../row.js';
import { panelBytes, tileParts, writeTile } from '../tile-record.js';

/** Pixels of a block, of one image or of several whole ones: what the product takes in one pass over k. */
const BLOCK_PIXELS = KC;

/**
 * 1 x 1 kernels with channels first: gradWeight[oc][ic] = gradY[oc][pixel] · xᵀ[pixel][ic]. Rows of gradY are read in
 * place, x is packed as it comes, and the result is laid out as it stays, so no layout changes.
 */
export const pointwise: WeightGradRow = {
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
    const { xPlane = pixels, yPlane = pixels } = p;
    const images = Math.max(1, Math.min(p.n, Math.floor(BLOCK_PIXELS / pixels)));
    const pieces = Math.ceil(pixels / BLOCK_PIXELS);
    const at = keepBlock(arena, { segments: images * 4 });
    arena.i32(at.segments, images).set(Array.from({ length: images }, (_, image) => image * p.oc * pixels * 4));
    const parts = layOut({
      ...{ ...tileParts, kernel: GEMM_SCRATCH },
      panels: panelBytes(p.ic, images * Math.ceil(pixels / pieces)),
    });
    return oneStep({
      ownBytes: parts.bytes,
      run([x, gradY, gradWeight, accumulate], _begin, _end, own) {
        const { panels, kernel, ...record } = placed(parts.offsets, own);
        if (p.n === 0 && !accumulate) arena.f32(gradWeight, p.oc * p.ic).fill(0);
        for (let first = 0; first < p.n; first += images) {
          const count = Math.min(images, p.n - first);
          for (let piece = 0; piece < pieces; piece++) {
            const begin = Math.floor((pixels * piece) / pieces);
            const k = Math.floor((pixels * (piece + 1)) / pieces) - begin;
            for (let image = 0; image < count; image++) {
              const from = x + ((first + image) * p.ic * pixels + begin) * 4;
              const to = panels + image * k * PANEL_STEP;
              exports.packPanels(to, count * k * PANEL_STEP, from, k, p.ic, 4, xPlane * 4, 1);
            }
            writeTile(host, record, { k, n: p.ic, segmentCount: count, segments: at.segments, panels });
            const a = gradY + (first * p.oc * pixels + begin) * 4;
            const addend = accumulate || first + piece > 0 ? gradWeight : 0;
            exports.gemmRows(record.product, a, gradWeight, addend, yPlane * 4, p.ic * 4, 0, p.oc, kernel);
          }
        }
      },
      dispose: () => arena.release(at.block),
    });
  },
};
