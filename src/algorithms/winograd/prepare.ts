import type { ConvProblem } from '../../types.js';
import type { Address } from '../../wasm/arena.js';
import { keepBlock } from '../../wasm/block.js';
import type { Host } from '../../wasm/host.js';
import { recordBytes, type Strides, writeGeometry, writeRecord } from '../../wasm/records.js';
import type { ConvKernel } from '../algorithm.js';
import { isFar } from '../far.js';
import { weightOrder } from '../panels.js';
import { staged } from '../staged.js';
import { type Core, door } from './door.js';
import { kernelMatrix, type Points, SIXTH } from './points.js';
import { normal, type Tiling, tiling } from './tiling.js';

/** Scratch of the transforms: as in assembly/conv/winograd/record.ts. */
const TRANSFORM_BYTES = 1024;

/**
 * Channels from which blocks of tiles touch what they read and write where it is far: pieces of four channels, of every row and column of a tile, would wait for memory one by one.
 * (64 channels at 224x224, 8 images at 56x56: 1.05 to 1.08 times as fast, half of it for y; 24 and 32 channels at 224x224 1.05, 16 to 64 1.2; 16 channels at 150x150 0.93.)
 */
const FAR_CHANNELS = 24;

const round64 = (bytes: number) => Math.ceil(bytes / 64) * 64;

/** Places in the scratch of the core, and its size. */
function layout(p: ConvProblem, t: Tiling) {
  const patchAt = TRANSFORM_BYTES;
  const tableAt = patchAt + round64(t.pointsH * t.pointsW * p.ic * 4);
  const vAt = tableAt + round64(p.od * t.blockTiles * 8);
  const mAt = vAt + round64(t.pointsH * t.pointsW * t.vPoint);
  const uAt = mAt + round64(t.pointsH * t.pointsW * t.mPoint);
  return {
    at: { patchAt, tableAt, vAt, mAt, uAt },
    bytes: uAt + (t.uDepth > 0 ? (t.uHeld ? t.pointsH : 1) * t.pointsW * t.uPoint : 0),
  };
}

/** Byte offsets of the slices of k in V, and the floats of each: kernel planes, runs, and where groups or odd counts part them, both. */
function slices(p: ConvProblem, t: Tiling): { offsets: number[]; k: number } {
  const joined = t.vRun === p.ic * 4 && p.groups === 1 && t.uDepth === 0;
  const offsets: number[] = [];
  for (let z = 0; z < p.kd; z++) {
    for (let run = 0; run < (joined ? 1 : t.runs); run++) offsets.push(z * p.dd * t.blockTiles * t.vTile + run * t.vRun);
  }
  return { offsets, k: (p.ic / p.groups) * (joined ? t.runs : 1) };
}

/** Packs taps, divided by 36, into [groups][panels][kernel planes][phases of the stride][input channels][taps][taps][8] at `panels`; those past the kernel's end are zeros. */
function packTaps({ arena, exports }: Host, p: ConvProblem, t: Tiling, from: Address, panels: Address): void {
  const { group, k, n, taps } = weightOrder(p);
  const icg = p.ic / p.groups;
  const tapBytes = (taps[1] - taps[0]) * 4;
  // without a stride, all taps are one row
  const [kh, kw] = t.runs === 1 ? [1, p.kh * p.kw] : [p.kh, p.kw];
  const [tapsH, tapsW] = t.runs === 1 ? [kh, kw] : [t.tapsH, t.tapsW];
  const slices = p.kd * t.runs * icg;
  if (t.runs > 1) arena.f32(panels, (p.groups * t.uGroup) / 4).fill(0);
  for (let part = 0; part < p.groups; part++) {
    for (let slice = 0; slice < slices; slice++) {
      const phase = Math.floor(slice / icg) % t.runs;
      const x = phase % p.sw;
      const plane = Math.floor(slice / icg / t.runs) * kh;
      for (let a = 0, y = Math.floor(phase / p.sw); y < kh; a++, y += p.sh) {
        const source = from + (part * group + taps[(plane + y) * kw + x] + (slice % icg) * k) * 4;
        const to = panels + part * t.uGroup + (slice * tapsH + a) * tapsW * 32;
        const count = Math.ceil((kw - x) / p.sw);
        exports.packPanels(
          to,
          slices * tapsH * tapsW * 32,
          source,
          count,
          p.oc / p.groups,
          p.sw * tapBytes,
          n * 4,
          SIXTH * SIXTH,
        );
      }
    }
  }
}

/** Transforms the weights into U at `panels`. */
function transformWeights(
  host: Host,
  p: ConvProblem,
  t: Tiling,
  weight: Float32Array,
  at: Record<'record' | 'geometry' | 'panels', Address>,
): void {
  const { arena, exports } = host;
  const [h, w] = [kernelMatrix(t.pointsH, t.tapsH), kernelMatrix(t.pointsW, t.tapsW)];
  const [forW, lines] = [h.length * 8, round64((h.length + w.length) * 8)];
  const panels = p.groups * Math.ceil(p.oc / p.groups / 8);
  staged(host, weight, (from) =>
    arena.scratch(lines + 64 * t.tapsH * (t.tapsW + t.pointsW), (forH) => {
      arena.f64(forH, h.length + w.length).set([...h, ...w]);
      exports.winogradWeights(at.record, at.geometry, forH, forH + forW, from, at.panels, 0, panels, forH + lines);
    }),
  );
}

/** Runs fewer images than the problem has, too, where it has channels last. */
export interface WinogradKernel extends ConvKernel {
  run(x: Address, y: Address, addend: Address, scratch: Address, images?: number): void;
}

/** Binds a problem that is transformed by `points` to its weights. `y`: strides of the result, if they are not those of the caller's layout. */
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
  const { x, bytes, run } = door(host, p, t);
  const own = layout(p, t);
  const { offsets, k } = slices(p, t);
  const at = keepBlock(arena, {
    geometry: recordBytes('geometry'),
    record: recordBytes('winograd'),
    product: recordBytes('product'),
    zeros: 32,
    segments: offsets.length * 4,
    // a group's last panel reads eight columns of bias
    bias: bias ? (p.oc + 8) * 4 : 0,
    panels: t.uDepth > 0 ? p.groups * t.uGroup : t.pointsH * t.pointsW * t.uPoint,
  });
  // a line along w has become one along h
  writeGeometry(host, at.geometry, p, y && p.kh > problem.kh ? { ...y, h: y.w } : y, x);
  const touches = (together: boolean, channels: number, pixels: number) =>
    Number(together && channels >= FAR_CHANNELS && isFar(p.n * channels * pixels));
  writeRecord(host, 'winograd', at.record, {
    ...t,
    ...own.at,
    touchesX: touches(p.channelsLast, p.ic, p.id * p.ih * p.iw),
    // y of lines is as fast without (0.95 to 1.02)
    touchesY: touches((y ? y.c === 1 : p.channelsLast) && Math.min(t.tileH, t.tileW) > 1, p.oc, p.od * p.oh * p.ow),
  });
  try {
    if (t.uDepth > 0) staged(host, weight, (from) => packTaps(host, p, t, from, at.panels));
    else transformWeights(host, p, t, weight, at);
  } catch (error) {
    arena.release(at.block);
    throw error;
  }
  arena.f32(at.zeros, 8).fill(0);
  arena.i32(at.segments, offsets.length).set(offsets);
  if (bias) {
    const to = arena.f32(at.bias, p.oc + 8);
    to.fill(0);
    to.set(bias);
  }
  writeRecord(host, 'product', at.product, {
    ...{ k, segmentCount: offsets.length, segments: at.segments, mr: host.mr, panels: at.panels },
    ...{ bias: bias ? at.bias : at.zeros, zeros: at.zeros, lo: -Infinity, hi: Infinity },
  });
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
