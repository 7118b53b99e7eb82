// Weight gradient of a locally connected layer: at every position the outer product of its window and the gradient there, summed over the batch.
import { madd, storeLanes } from "../simd/vector";

/**
 * weight[p][k][c] (+)= sum over images of columns[image][p][k] * gradY[image][p][c] for positions p in [begin, end) of `positions`; k < `depth`,
 * c < `channels`. Four channels at a time; what they share of the gradient stays in a register while the images pass.
 */
export function locallyWeightGrad(columns: usize, gradY: usize, weight: usize, images: i32, positions: i32, depth: i32, channels: i32, accumulate: bool, begin: i32, end: i32): void {
  const window = <usize>depth * 4, pixel = <usize>channels * 4, x = <usize>positions * window, y = <usize>positions * pixel;
  for (let p = begin; p < end; p++) {
    for (let k = 0; k < depth; k++) {
      const to = weight + (<usize>p * depth + k) * pixel, from = columns + <usize>p * window + <usize>k * 4;
      for (let c = 0; c < channels; c += 4) {
        const at = to + <usize>c * 4;
        let sum = accumulate ? v128.load(at) : f32x4.splat(0), a = from, b = gradY + <usize>p * pixel + <usize>c * 4;
        for (let n = 0; n < images; n++) {
          sum = madd(v128.load32_splat(a), v128.load(b), sum);
          a += x;
          b += y;
        }
        if (c + 4 <= channels) v128.store(at, sum);
        else storeLanes(at, sum, sum, channels - c);
      }
    }
  }
}
