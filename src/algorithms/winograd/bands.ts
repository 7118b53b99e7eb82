import type { ConvProblem } from '../../types.js';
import type { Address } from '../../wasm/arena.js';
import type { Host } from '../../wasm/host.js';
import type { Tiling } from './tiling.js';

/** Bytes of turned input and output that stay in the cache with the block of tiles that reads and writes them. */
const BAND_BYTES = 1024 * 1024;

const round64 = (bytes: number) => Math.ceil(bytes / 64) * 64;

/** Runs tiles [begin, end) on channels-last operands. */
export type Core = (x: Address, y: Address, addend: Address, begin: number, end: number, scratch: Address) => void;

/** The door of the channels-last core for an algorithm that pads nothing beforehand. */
export interface Bands {
  /** Bytes from plane to plane and image to image of what the core sees. */
  readonly strides: Readonly<Record<'xPlane' | 'xImage' | 'yPlane' | 'yImage', number>>;
  /** Scratch of a run; the core's own comes on top. */
  readonly bytes: number;
  run(x: Address, y: Address, addend: Address, scratch: Address, core: Core): void;
}

const stridesOf = (p: ConvProblem, xRows: number, yRows: number): Bands['strides'] => {
  const xPlane = xRows * p.iw * p.ic * 4;
  const yPlane = yRows * p.ow * p.oc * 4;
  return { xPlane, xImage: p.id * xPlane, yPlane, yImage: p.od * yPlane };
};

/** Channels last: everything where it stands. */
function standing(p: ConvProblem, { tilesY, tilesX }: Tiling): Bands {
  return {
    strides: stridesOf(p, p.ih, p.oh),
    bytes: 0,
    run: (x, y, addend, scratch, core) => core(x, y, addend, 0, p.n * tilesY * tilesX, scratch),
  };
}

/** Channels first: turned band by band, a band being some rows of an image's tiles, or several small images. */
function turned({ exports }: Host, p: ConvProblem, t: Tiling): Bands {
  // interleaved tiles go together: a row of them all
  const rows = t.tileH * p.dh;
  const reach = t.pointsH > 1 ? (t.runs * t.tapsH - 1) * p.dh + 1 : 1;
  const count = t.tilesY / p.dh;
  const fit = Math.max(1, Math.floor(BAND_BYTES / (4 * rows * (p.id * p.sh * p.iw * p.ic + p.od * p.ow * p.oc))));
  // the other padding modes may need any row at the edges
  const bandRows = p.paddingMode === 'zeros' ? Math.min(fit, count) : count;
  const whole = bandRows === count;
  const images = whole ? Math.min(p.n, Math.max(1, Math.floor(fit / count))) : 1;
  const strides = stridesOf(p, whole ? p.ih : (bandRows * rows - 1) * p.sh + reach, Math.min(p.oh, bandRows * rows));
  const [xBytes, yBytes] = [round64(images * strides.xImage), round64(images * strides.yImage)];
  const [imageBytes, resultBytes] = [p.ic * p.id * p.ih * p.iw * 4, p.oc * p.od * p.oh * p.ow * 4];

  /** Rows [from, to) of every plane of an image's input, from the caller's channels into the band. */
  const turnIn = (first: Address, last: Address, from: number, to: number) => {
    for (let z = 0; z < p.id; z++) {
      const source = first + (z * p.ih + from) * p.iw * 4;
      exports.transpose(last + z * strides.xPlane, p.ic * 4, source, p.id * p.ih * p.iw * 4, p.ic, (to - from) * p.iw);
    }
  };
  /** The same of its output: out of the band, or into it for what is added. */
  const turnOut = (first: Address, last: Address, from: number, to: number, back: boolean) => {
    const [channel, pixels] = [p.od * p.oh * p.ow * 4, (to - from) * p.ow];
    for (let z = 0; z < p.od; z++) {
      const [there, here] = [first + (z * p.oh + from) * p.ow * 4, last + z * strides.yPlane];
      if (back) exports.transpose(here, p.oc * 4, there, channel, p.oc, pixels);
      else exports.transpose(there, channel, here, p.oc * 4, pixels, p.oc);
    }
  };
  return {
    strides,
    bytes: xBytes + yBytes,
    run(x, y, addend, scratch, core) {
      const to = scratch + xBytes;
      for (let n = 0; n < p.n; n += images) {
        const last = Math.min(images, p.n - n);
        for (let row = 0; row < count; row += bandRows) {
          const end = Math.min(count, row + bandRows);
          const [oy, oyEnd] = [row * rows, Math.min(p.oh, end * rows)];
          const iy = whole ? 0 : Math.min(p.ih, Math.max(0, oy * p.sh - p.ph));
          const iyEnd = whole ? p.ih : Math.max(iy, Math.min(p.ih, (end * rows - 1) * p.sh - p.ph + reach));
          for (let i = 0; i < last; i++) {
            turnIn(x + (n + i) * imageBytes, scratch + i * strides.xImage, iy, iyEnd);
            if (addend) turnOut(addend + (n + i) * resultBytes, to + i * strides.yImage, oy, oyEnd, true);
          }
          // where the image's first rows would stand
          const [x0, y0] = [scratch - iy * p.iw * p.ic * 4, to - oy * p.ow * p.oc * 4];
          const tiles = (last - 1) * t.tilesY + end * p.dh;
          core(x0, y0, addend && y0, row * p.dh * t.tilesX, tiles * t.tilesX, to + yBytes);
          for (let i = 0; i < last; i++) turnOut(y + (n + i) * resultBytes, to + i * strides.yImage, oy, oyEnd, false);
        }
      }
    },
  };
}

export const bands = (host: Host, p: ConvProblem, t: Tiling): Bands => (p.channelsLast ? standing(p, t) : turned(host, p, t));
