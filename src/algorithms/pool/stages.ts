import { type ImagePool, planImages } from './images.js';
import { type PoolPlan, round64 } from './plan.js';
import { type Spans, singleCells } from './spans.js';

const mostTaps = ({ taps }: Spans) => taps.reduce((most, t) => Math.max(most, t), 1);
const stretch = ({ input, count }: Spans) => input / count;

/** Pools along depth alone, in front of the rest: rows of a plane are its pixels then. */
function alongDepth(pool: ImagePool): [ImagePool, ImagePool] {
  const [depth, height, width] = pool.axes;
  const cells = height.input * width.input;
  const undivided = { ...depth, share: new Int32Array(depth.count).fill(1) };
  const rest = singleCells(depth.count, depth.share);
  // a window without planes stays one without cells
  const taps = depth.taps.map((t) => Math.min(t, 1));
  return [
    { ...pool, accumulate: false, axes: [singleCells(1), undivided, singleCells(cells)] },
    { ...pool, axes: [{ ...rest, taps }, height, width] },
  ];
}

/**
 * Plans a pool over images; windows that are deep and high are pooled along depth first, so that their cost does not grow with kd kh. Positions are
 * found in one go.
 */
export function planStages(pool: ImagePool): PoolPlan {
  const [depth, height, width] = pool.axes;
  const [kd, kh] = [mostTaps(depth), mostTaps(height)];
  const once = kd * kh * stretch(width);
  const twice = ((kd + 3) * stretch(height) + kh) * stretch(width);
  if (pool.kind === 'argmax' || twice >= once) return planImages(pool);
  const [first, second] = alongDepth(pool);
  const [a, b] = [planImages(first), planImages(second)];
  const between = round64(pool.images * depth.count * height.input * width.input * pool.c * 4);
  return {
    scratchBytes: between + a.scratchBytes + b.scratchBytes,
    open(host, scratch) {
      const runA = a.open(host, scratch + between);
      const runB = b.open(host, scratch + between + a.scratchBytes);
      return (x, y) => {
        runA(x, scratch, 0);
        runB(scratch, y, 0);
      };
    },
  };
}
