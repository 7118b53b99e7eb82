import type { ConvProblem } from '../../types.js';
import type { Address } from '../../wasm/arena.js';
import { keepBlock, layOut } from '../../wasm/block.js';
import type { Host } from '../../wasm/host.js';
import { recordBytes, type Strides, writeGeometry, writeRecord } from '../../wasm/records.js';
import type { ConvKernel } from '../algorithm.js';
import { isFar } from '../far.js';
import { weightOrder } from '../panels.js';
import { staged } from '../staged.js';
import { type Core, door } from './door.js';
import { passesOf, slicesOf } from './passes.js';
import { kernelMatrix, type Points, SIXTH } from './points.js';
import { normal, type Tiling, tiling } from './tiling.js';

/** Scratch of the transforms: as in assembly/conv/winograd/record.ts. */
const TRANSFORM_BYTES = 1024;

/**
 * Channels from which blocks of tiles touch what they read and write where it is far: pieces of four channels, of every
 * row and column of a tile, would wait for memory one by one. (64 channels at 224x224, 8 images at 56x56: 1.05 to 1.08
 * times as fast, half of it for y; 24 and 32 channels at 224x224 1.05, 16 to 64 1.2; 16 channels at 150x150 0.93.)
 */
const FAR_CHANNELS = 24;

/** Places in the scratch of the core, and its size. */
const scratchOf = (p: ConvProblem, { grid: { pointCount, x }, weights, block, panels }: Tiling) =>
  layOut({
    transforms: TRANSFORM_BYTES,
    patchAt: pointCount * p.ic * 4,
    tableAt: p.od * block.blockTiles * 8,
    vAt: pointCount * block.vPoint,
    mAt: pointCount * panels.mPoint,
    // none, all of it, or a row of points
    uAt: [0, pointCount, x.points][weights.makesU] * panels.uPoint,
  });

/**
 * Packs taps, divided by 36, into [groups][panels][kernel planes][phases of the stride][input
 * channels][taps][taps][8] at `panels`; those past the kernel's end are zeros.
 */
function packTaps({ arena, exports }: Host, p: ConvProblem, tiling: Tiling, from: Address, panels: Address): void {
  const { grid: t, weights } = tiling;
  const { group, k, n, taps } = weightOrder(p);
  const icg = p.ic / p.groups;
  const tapBytes = (taps[1] - taps[0]) * 4;
  // without a stride, all taps are one row
  const [kh, kw] = t.runs === 1 ? [1, p.kh * p.kw] : [p.kh, p.kw];
  const [tapsH, tapsW] = t.runs === 1 ? [kh, kw] : [t.y.taps, t.x.taps];
  if (t.runs > 1) arena.f32(panels, (p.groups * weights.weightGroup) / 4).fill(0);
  for (let part = 0; part < p.groups; part++) {
    for (let slice = 0; slice < weights.depth; slice++) {
      const phase = Math.floor(slice / icg) % t.runs;
      const x = phase % p.sw;
      const plane = Math.floor(slice / icg / t.runs) * kh;
      for (let a = 0, y = Math.floor(phase / p.sw); y < kh; a++, y += p.sh) {
        const source = from + (part * group + taps[(plane + y) * kw + x] + (slice % icg) * k) * 4;
        const to = panels + part * weights.weightGroup + (slice * tapsH + a) * tapsW * 32;
        const count = Math.ceil((kw - x) / p.sw);
        exports.packPanels(to, weights.weightPanel, source, count, p.oc / p.groups, p.sw * tapBytes, n * 4, SIXTH * SIXTH);
      }
    }
  }
}

/** Transforms the weights into U at `panels`. */
function transformWeights(
  host: Host,
  p: ConvProblem,
  { y, x }: Tiling['grid'],
  weight: Float32Array,
  at: Record<'record' | 'geometry' | 'panels', Address>,
): void {
  const { arena, exports } = host;
  const [h, w] = [kernelMatrix(y.points, y.taps), kernelMatrix(x.points, x.taps)];
  const [forW, lines] = [h.length * 8, (h.length + w.length) * 8];
  const panels = p.groups * Math.ceil(p.oc / p.groups / 8);
  staged(host, weight, (from) =>
    arena.scratch(lines + 64 * y.taps * (x.taps + x.points), (forH) => {
      arena.f64(forH, h.length + w.length).set([...h, ...w]);
      exports.winogradWeights(at.record, at.geometry, forH, forH + forW, from, at.panels, 0, panels, forH + lines);
    }),
  );
}

/** Runs fewer images than the problem has, too, where it has channels last. */
export interface WinogradKernel extends ConvKernel {
  run(x: Address, y: Address, addend: Address, scratch: Address, images?: number): void;
}

/** Whether blocks of tiles touch what they read, and write: only where it comes from memory, pixel after pixel. */
function touches(p: ConvProblem, { y, x }: Tiling['grid'], yIsLast: boolean) {
  const isFarOf = (channels: number, pixels: number) => channels >= FAR_CHANNELS && isFar(p.n * channels * pixels);
  const isPlane = Math.min(y.outputs, x.outputs) > 1;
  return {
    touchesX: Number(p.channelsLast && isFarOf(p.ic, p.id * p.ih * p.iw)),
    // y of lines is as fast without (0.95 to 1.02)
    touchesY: Number(yIsLast && isPlane && isFarOf(p.oc, p.od * p.oh * p.ow)),
  };
}

/** Binds a problem that is transformed by `points` to its weights. `y`: strides of the result, if not the caller's. */
export function prepareWinograd(
  host: Host,
  problem: ConvProblem,
  points: Points,
  weight: Float32Array,
  bias: Float32Array | undefined,
  y?: Strides,
): WinogradKernel {
  const p = normal(problem);
  const { arena, exports } = host;
  const t = tiling(p, points);
  const { grid, weights, block, panels } = t;
  const { x, bytes, run } = door(host, p, t);
  const own = scratchOf(p, t);
  const slices = slicesOf(p, t);
  const passes = passesOf(p, t, slices);
  const at = keepBlock(arena, {
    geometry: recordBytes('geometry'),
    record: recordBytes('winograd'),
    y: recordBytes('axis'),
    x: recordBytes('axis'),
    passes: passes.length * recordBytes('pass'),
    product: recordBytes('product'),
    zeros: 32,
    segments: slices.offsets.length * 4,
    panels: weights.makesU ? p.groups * weights.weightGroup : grid.pointCount * panels.uPoint,
    // a group's last panel reads eight columns of bias
    bias: (p.oc + 8) * 4,
  });
  // a line along w has become one along h
  writeGeometry(host, at.geometry, p, y && p.kh > problem.kh ? { ...y, h: y.w } : y, x);
  writeRecord(host, 'axis', at.y, grid.y);
  writeRecord(host, 'axis', at.x, grid.x);
  let passesEnd = at.passes;
  for (const pass of passes) {
    writeRecord(host, 'pass', passesEnd, { ...pass, segments: at.segments + pass.segments });
    passesEnd += recordBytes('pass');
  }
  const touched = touches(p, grid, y ? y.c === 1 : p.channelsLast);
  const places = { ...own.offsets, y: at.y, x: at.x, passes: at.passes, passesEnd };
  writeRecord(host, 'winograd', at.record, Object.assign(places, touched), Object.assign({}, grid, weights, block, panels));
  const bound = { panels: at.panels, bias: at.bias, zeros: at.zeros };
  writeRecord(host, 'product', at.product, { mr: host.mr, ...bound, lo: -Infinity, hi: Infinity });
  arena.f32(at.zeros, 8).fill(0);
  arena.i32(at.segments, slices.offsets.length).set(slices.offsets);
  arena.f32(at.bias, p.oc + 8).fill(0);
  if (bias) arena.f32(at.bias, p.oc).set(bias);
  try {
    if (weights.makesU) staged(host, weight, (from) => packTaps(host, p, t, from, at.panels));
    else transformWeights(host, p, grid, weight, at);
  } catch (error) {
    arena.release(at.block);
    throw error;
  }
  return {
    scratchBytes: bytes + own.bytes,
    run(x, y, addend, scratch, images = p.n) {
      const core: Core = (image, to, from, begin, end, rest) =>
        exports.convWinograd(at.record, at.geometry, at.product, image, to, from, begin, end, rest);
      run(x, y, addend, scratch, core, images);
    },
    dispose: () => arena.release(at.block),
  };
}
