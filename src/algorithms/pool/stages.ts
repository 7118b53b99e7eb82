import { round64 } from '../../wasm/block.js';
import type { Triple } from './axes.js';
import { type ImagePool, planImages, stepsOf } from './images.js';
import type { PoolPlan } from './plan.js';
import { mostTaps, type Spans } from './spans.js';

/** One pool after another; `bytes` of values pass between them. */
export function inTurn(first: PoolPlan, second: PoolPlan, bytes: number): PoolPlan {
  const between = round64(bytes);
  return {
    scratchBytes: between + first.scratchBytes + second.scratchBytes,
    // what the second one reads, the first one has to have written
    units: 1,
    open(host, scratch) {
      const runFirst = first.open(host, scratch + between);
      const runSecond = second.open(host, scratch + between + first.scratchBytes);
      return (x, y, indices) => {
        runFirst(x, scratch, 0);
        runSecond(scratch, y, indices);
      };
    },
  };
}

/** The only window of an axis, which holds `taps` cells. */
export const oneWindow = (taps: number, share = 1): Spans => ({
  ...{ count: 1, input: taps, origin: 0, step: 1, period: 1 },
  ...{ first: Int32Array.of(0), taps: Int32Array.of(taps), share: Int32Array.of(share) },
});

const stretch = ({ input, count }: Spans) => input / count;

/** Pools along depth alone, in front of the rest: a plane is one pixel then. */
function alongDepth(pool: ImagePool): [ImagePool, ImagePool] {
  const [depth, height, width] = pool.axes;
  const between = stepsOf([depth.count, height.input, width.input], pool.c);
  const one = oneWindow(1);
  const undivided = { ...depth, share: new Int32Array(depth.count).fill(1) };
  const first = Int32Array.from(depth.first, (_, o) => o);
  // a window without planes stays one without cells
  const rest = { ...depth, first, taps: depth.taps.map((t) => Math.min(t, 1)), step: 1, period: 1 };
  const { plane, image } = between;
  return [
    {
      ...{ ...pool, accumulate: false, c: plane, axes: [one, undivided, one] },
      ...{ x: { ...pool.x, row: pool.x.plane }, y: { row: plane, plane: image, image } },
    },
    { ...pool, axes: [rest, height, width], x: between },
  ];
}

/**
 * Windows that are deep and high are pooled along depth first, so that their cost does not grow with kd kh. Positions
 * are found in one go.
 */
function planWindows(pool: ImagePool): PoolPlan {
  const [depth, height, width] = pool.axes;
  const [kd, kh] = [mostTaps(depth), mostTaps(height)];
  const once = kd * kh * stretch(width);
  const twice = ((kd + 3) * stretch(height) + kh) * stretch(width);
  // rows of a box that is narrower than the image do not stand side by side
  const joined = pool.x.row === width.input * pool.c;
  if (pool.kind === 'argmax' || !joined || twice >= once) return planImages(pool);
  const [first, second] = alongDepth(pool);
  return inTurn(planImages(first), planImages(second), pool.images * second.x.image * 4);
}

/** Plans a pool over images, with `quotients` of its input first: windows of one cell each, divided by their share. */
export function planStages(pool: ImagePool, quotients: Triple<Spans> | undefined): PoolPlan {
  if (!quotients) return planWindows(pool);
  const [d, h, w] = quotients;
  const between = stepsOf([d.count, h.count, w.count], pool.c);
  const divided = planImages({ ...pool, axes: quotients, accumulate: false, y: between });
  return inTurn(divided, planWindows({ ...pool, x: between }), pool.images * between.image * 4);
}
