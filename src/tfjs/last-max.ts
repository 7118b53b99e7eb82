import { slidingAxes } from '../algorithms/pool/axes.js';
import { sizeOf } from '../shape/tensor.js';
import type { PoolProblem } from '../types.js';
import { type Job, oneStep } from '../wasm/crew.js';
import type { Host } from '../wasm/host.js';

/** The cells of each window, in elements of one image, of maps with channels last. */
function cellsOf(window: PoolProblem): readonly (readonly number[])[] {
  const { c, ih, iw } = window;
  const [depth, height, width] = slidingAxes(window).map(({ count, step, window: at }) =>
    Array.from({ length: count }, (_, o) => {
      const [first, taps] = at(o);
      return Array.from({ length: taps }, (_, tap) => first + tap * step);
    }),
  );
  return depth.flatMap((ds) =>
    height.flatMap((hs) =>
      width.map((ws) => ds.flatMap((d) => hs.flatMap((h) => ws.map((w) => ((d * ih + h) * iw + w) * c)))),
    ),
  );
}

/**
 * From gradY and x the gradient of a maximum for x, which goes to the last of equal cells: TensorFlow.js has it so in
 * three dimensions.
 */
export function lastMaxGradJob({ arena }: Host, window: PoolProblem): Job {
  const { n, c, xShape, yShape } = window;
  const [xSize, ySize] = [sizeOf(xShape), sizeOf(yShape)];
  const windows = cellsOf(window);
  return oneStep({
    run([gradY, x, gradX]: readonly number[]) {
      const [from, values, to] = [arena.f32(gradY, ySize), arena.f32(x, xSize), arena.f32(gradX, xSize)];
      to.fill(0);
      let y = 0;
      for (let image = 0; image < xSize; image += xSize / n) {
        for (const cells of windows) {
          for (let channel = image; channel < image + c; channel++, y++) {
            let [best, last] = [-Infinity, -1];
            for (const cell of cells) {
              const value = values[cell + channel];
              if (value >= best) [best, last] = [value, cell + channel];
            }
            if (last >= 0) to[last] += from[y];
          }
        }
      }
    },
  });
}
