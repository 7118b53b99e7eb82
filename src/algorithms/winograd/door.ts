import type { ConvProblem } from '../../types.js';
import type { Address } from '../../wasm/arena.js';
import { round64 } from '../../wasm/block.js';
import type { Host } from '../../wasm/host.js';
import { type Strides, strides } from '../../wasm/records.js';
import { partSize } from '../../wasm/sharing.js';
import type { ConvOperands } from '../row.js';
import { originOf, type Tiling } from './tiling.js';

/** Bytes of input, brought to channels last, that stay in the L2 cache beside the block of tiles that reads them. */
const BAND_BYTES = 256 * 1024;

/** Runs tiles [begin, end) of a channels-last input. */
export type Core = (x: Address, y: Address, addend: Address, begin: number, end: number, scratch: Address) => void;

/** The door of a channels-last core that pads nothing beforehand and writes either layout. */
export interface TileDoor {
  /** Strides of the input as the core sees it, and of the result where it is turned. */
  readonly x: Strides;
  readonly y?: Strides;
  /** Scratch of a run; the core's own comes on top. */
  readonly bytes: number;
  readonly units: number;
  run(operands: ConvOperands, begin: number, end: number, scratch: Address, core: Core): void;
}

/** Rows of the products of a unit at least where threads share them: each reads all weights. */
export const LEAST_ROWS = 24;

/** Channels last: the input where it stands. A unit is a block of tiles. */
function standing(host: Host, p: ConvProblem, { grid: { tiles }, block: { blockTiles } }: Tiling): TileDoor {
  const unit = partSize(host, tiles, blockTiles, Math.ceil(LEAST_ROWS / p.od));
  return {
    x: strides(true, p.ic, p.id, p.ih, p.iw),
    bytes: 0,
    units: Math.ceil(tiles / unit),
    run: ([image, addend, to], begin, end, scratch, core) =>
      core(image, to, addend, begin * unit, Math.min(tiles, end * unit), scratch),
  };
}

/** Channels first: brought to channels last by bands: some rows of an image's tiles, or several small images. */
function turned(host: Host, p: ConvProblem, { grid: t, block }: Tiling, mayTurnY: boolean): TileDoor {
  const { exports } = host;
  // interleaved tiles go together: a row of them all
  const rows = t.y.outputs * p.dh;
  const count = t.y.tiles / p.dh;
  const reach = t.y.points > 1 ? ((t.plane ? p.sh : t.runs) * t.y.taps - 1) * p.dh + 1 : 1;
  const fit = Math.max(
    Math.floor(BAND_BYTES / (4 * rows * p.sh * p.id * p.iw * p.ic)),
    Math.ceil(block.blockTiles / (p.dh * t.x.tiles)),
  );
  // the other padding modes may need any row at the edges
  const least = Math.ceil(LEAST_ROWS / (p.od * p.dh * t.x.tiles));
  const bandRows = p.paddingMode === 'zeros' ? partSize(host, p.n * count, Math.min(fit, count), least) : count;
  const whole = bandRows === count;
  const together = Math.min(p.n, Math.max(1, Math.floor(fit / count)));
  const images = whole ? partSize(host, p.n, together, 1) : 1;
  const inner = strides(true, p.ic, p.id, whole ? p.ih : (bandRows * rows - 1) * p.sh + reach, p.iw);
  const bytes = round64(images * inner.n * 4);
  // 3 taps, 64 channels, 4000 samples: 1.1 times as fast as tiles that write four channels of four planes at a time
  const turnsY = mayTurnY && p.od === 1 && p.oc >= 4;
  const outer = strides(true, p.oc, p.od, whole ? p.oh : bandRows * rows, p.ow);
  const yBytes = turnsY ? round64(images * outer.n * 4) : 0;
  const plane = p.ih * p.iw * 4;

  /** Rows [from, to) of every plane of an image. */
  const turn = (first: Address, last: Address, from: number, to: number) => {
    for (let z = 0; z < p.id; z++) {
      const source = first + z * plane + from * p.iw * 4;
      exports.transpose(last + z * inner.d * 4, p.ic * 4, source, p.id * plane, p.ic, (to - from) * p.iw);
    }
  };
  const bands = Math.ceil(count / bandRows);
  return {
    x: inner,
    y: turnsY ? outer : undefined,
    bytes: bytes + yBytes,
    units: Math.ceil(p.n / images) * bands,
    run([x, addend, y], begin, end, scratch, core) {
      const resultBytes = p.oc * p.od * p.oh * p.ow * 4;
      for (let unit = begin; unit < end; unit++) {
        const n = Math.floor(unit / bands) * images;
        const here = Math.min(images, p.n - n);
        const row = (unit % bands) * bandRows;
        const rowEnd = Math.min(count, row + bandRows);
        const [top, bottom] = [row, rowEnd - 1].map((i) => originOf(i, t.y) * p.dh * p.sh - p.ph);
        const from = whole ? 0 : Math.min(p.ih, Math.max(0, top));
        const to = whole ? p.ih : Math.max(from, Math.min(p.ih, bottom + (rows - 1) * p.sh + reach));
        for (let i = 0; i < here; i++) turn(x + (n + i) * p.ic * p.id * plane, scratch + i * inner.n * 4, from, to);
        // where the image's first row would stand
        const origin = scratch - from * inner.h * 4;
        const offset = n * resultBytes;
        const last = ((here - 1) * t.y.tiles + rowEnd * p.dh) * t.x.tiles;
        const tiles = [row * p.dh * t.x.tiles, last, scratch + bytes + yBytes] as const;
        if (!turnsY) {
          core(origin, y + offset, addend && addend + offset, ...tiles);
          continue;
        }
        const [above, below] = [row, rowEnd].map((i) => (i === count ? p.oh : originOf(i, t.y) * p.dh));
        /** Turns these rows of the result into channels last, or back. */
        const turnRows = (planes: Address, back: boolean) => {
          for (let i = 0; i < here; i++) {
            const first = planes + offset + i * resultBytes + above * p.ow * 4;
            const band = scratch + bytes + i * outer.n * 4;
            const [area, pixels] = [p.oh * p.ow * 4, (below - above) * p.ow];
            if (back) exports.transpose(first, area, band, p.oc * 4, pixels, p.oc);
            else exports.transpose(band, p.oc * 4, first, area, p.oc, pixels);
          }
        };
        const result = scratch + bytes - above * outer.h * 4;
        if (addend) turnRows(addend, false);
        core(origin, result, addend && result, ...tiles);
        turnRows(y, true);
      }
    },
  };
}

/** `turnsY`: the result may be turned, too, band by band. */
export const door = (host: Host, p: ConvProblem, t: Tiling, turnsY = false): TileDoor =>
  p.channelsLast ? standing(host, p, t) : turned(host, p, t, turnsY);
