import { type ImagePool, planImages } from './images.js';
import { type PoolPlan, round64 } from './plan.js';
import { type Axes, type Spans, singleCells } from './spans.js';

/** One pool after another; `bytes` of values pass between them. */
function inTurn(first: PoolPlan, second: PoolPlan, bytes: number): PoolPlan {
  const between = round64(bytes);
  return {
    scratchBytes: between + first.scratchBytes + second.scratchBytes,
    // what the second one reads, the first one has to have written
    units: 1,
    open(host, scratch) {
      const runFirst = first.open(host, scratch + between);
      const runSecond = second.open(host, scratch + between + first.scratchBytes);
      return (x, y, indices) => {
        runFirst(x, scratch, 0, 0, first.units);
        runSecond(scratch, y, indices, 0, second.units);
      };
    },
  };
}

const mostTaps = ({ taps }: Spans) => taps.reduce((most, t) => Math.max(most, t), 1);
const stretch = ({ input, count }: Spans) => input / count;

/** Pools along depth alone, in front of the rest: the cells of a plane are one row then. */
function alongDepth(pool: ImagePool): [ImagePool, ImagePool] {
  const [depth, height, width] = pool.axes;
  const undivided = { ...depth, share: new Int32Array(depth.count).fill(1) };
  // a window without planes stays one without cells
  const taps = depth.taps.map((t) => Math.min(t, 1));
  const rest = { ...singleCells(depth.count, depth.share), taps };
  return [
    { ...pool, accumulate: false, axes: [singleCells(1), undivided, singleCells(height.input * width.input)] },
    { ...pool, axes: [rest, height, width] },
  ];
}

/** Windows that are deep and high are pooled along depth first, so that their cost does not grow with kd kh. Positions are found in one go. */
function planWindows(pool: ImagePool): PoolPlan {
  const [depth, height, width] = pool.axes;
  const [kd, kh] = [mostTaps(depth), mostTaps(height)];
  const once = kd * kh * stretch(width);
  const twice = ((kd + 3) * stretch(height) + kh) * stretch(width);
  if (pool.kind === 'argmax' || twice >= once) return planImages(pool);
  const [first, second] = alongDepth(pool);
  const bytes = pool.images * depth.count * height.input * width.input * pool.c * 4;
  return inTurn(planImages(first), planImages(second), bytes);
}

/** Plans a pool over images, with `quotients` of its input first: windows of one cell each, divided by their share. */
export function planStages(pool: ImagePool, quotients: Axes | undefined): PoolPlan {
  const windows = planWindows(pool);
  if (!quotients) return windows;
  const cells = quotients.reduce((product, { count }) => product * count, 1);
  return inTurn(planImages({ ...pool, axes: quotients, accumulate: false }), windows, pool.images * cells * pool.c * 4);
}
