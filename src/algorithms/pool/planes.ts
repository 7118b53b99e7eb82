import type { Address } from '../../wasm/arena.js';
import type { Host } from '../../wasm/host.js';
import { fill } from '../../wasm/records.js';
import type { ImagePool } from './images.js';
import { type PoolPlan, round64 } from './plan.js';
import type { Axes } from './spans.js';
import { planStages } from './stages.js';

/** A pool of feature maps in the caller's layout. */
export interface Pool extends Omit<ImagePool, 'images' | 'c'> {
  readonly channelsLast: boolean;
  readonly n: number;
  readonly c: number;
  /** Divides the input first: windows of one cell each, with their share. */
  readonly quotients?: Axes;
}

/** Bytes of planes, in and out, that are turned at once, to stay in the L2 cache. (1 MB is 5 to 20 % slower for 56x56 planes, 4 MB up to twice.) */
const BLOCK_BYTES = 1 << 18;

/**
 * Planes at once, however large: fewer than 16 leave cache lines half used (4 cost 10 to 30 % at 56x56 and 112x112 and only pay beyond 200x200), 32
 * cost 40 % at 112x112; more than 64 gain nothing.
 */
const PLANES = { least: 16, most: 64 } as const;

/** Moves `planes` planes of `size` cells between the caller's memory and images with `pitch` floats a pixel, which starts at `at`. */
type Move = (host: Host, image: Address, operand: Address, block: number, planes: number, size: number, pitch: number) => void;

/** A block of images between the caller's layout and whole vectors. */
interface Door {
  readonly enter: Move;
  readonly leave: Move;
}

/** Channels first: a block of planes, of any images, side by side as the channels of one image. */
const turned: Door = {
  enter: ({ exports }, image, planesAt, first, planes, size, pitch) =>
    exports.transpose(image, pitch * 4, planesAt + first * size * 4, size * 4, planes, size),
  leave: ({ exports }, image, planesAt, first, planes, size, pitch) =>
    exports.transpose(planesAt + first * size * 4, size * 4, image, pitch * 4, size, planes),
};

/** Channels last: one image with its pixels moved apart. */
const spaced: Door = {
  enter: ({ exports }, image, at, first, planes, size, pitch) =>
    exports.repitch(image, pitch * 4, at + first * size * 4, planes * 4, size, planes, 1),
  leave: ({ exports }, image, at, first, planes, size, pitch) =>
    exports.repitch(at + first * size * 4, planes * 4, image, pitch * 4, size, planes, 0),
};

/** Plans a pool in any layout with any number of channels: images of whole vectors in place, others block by block through scratch. */
export function planPool({ channelsLast, n, c, quotients, ...pool }: Pool): PoolPlan {
  const { kind, axes, accumulate } = pool;
  if (channelsLast && c % 4 === 0) return planStages({ ...pool, images: n, c }, quotients);
  const inCells = axes.reduce((product, { input }) => product * input, 1);
  const outCells = axes.reduce((product, { count }) => product * count, 1);
  const results = kind === 'argmax' ? 2 : 1;
  const whole = channelsLast && c > 1;
  const total = n * c;
  const fitting = Math.floor(BLOCK_BYTES / (4 * (inCells + results * outCells)) / PLANES.least) * PLANES.least;
  const block = whole ? c : Math.min(total, PLANES.most, Math.max(PLANES.least, fitting));
  const pitch = Math.ceil(block / 4) * 4;
  const door = whole ? spaced : turned;
  const inner = planStages({ ...pool, images: 1, c: pitch }, quotients);
  const inBytes = round64(inCells * pitch * 4);
  const outBytes = round64(outCells * pitch * 4);
  return {
    scratchBytes: inBytes + results * outBytes + inner.scratchBytes,
    units: Math.ceil(total / block),
    open(host, image) {
      const yImage = image + inBytes;
      const indexImage = kind === 'argmax' ? yImage + outBytes : 0;
      const pooled = inner.open(host, yImage + results * outBytes);
      return (x, y, indices, begin, end) => {
        for (let first = begin * block; first < Math.min(total, end * block); first += block) {
          const planes = Math.min(block, total - first);
          // lanes without a plane must not look like NaN
          if (!whole && planes % 4 !== 0) fill(host, image, inCells * pitch, 0);
          door.enter(host, image, x, first, planes, inCells, pitch);
          if (accumulate) door.enter(host, yImage, y, first, planes, outCells, pitch);
          pooled(image, yImage, indexImage, 0, inner.units);
          door.leave(host, yImage, y, first, planes, outCells, pitch);
          if (kind === 'argmax') door.leave(host, indexImage, indices, first, planes, outCells, pitch);
        }
      };
    },
  };
}
