// Windows of three by three cells with stride 1 in planes. Where lines of outputs are as long as their rows, rows
// follow each other, so that lines that see as many rows are one run, in which none begins or ends. Neighbours across
// the end of a row are made -Infinity or 0.
import { madd, putLanes } from "../simd/vector";
import { mayHoldNaN } from "./max";
import { reduce } from "./slide";

/** Columns after which ends of rows of `width` columns fall on the same lanes again. */
@inline
export function runColumns(width: i32): i32 { return width << (width & 1 ? 2 : (width >> 1) & 1); }

/** The columns x, but not those across the end of a row. */
@inline
function inside(sums: bool, x: v128, bound: v128): v128 { return sums ? v128.and(x, bound) : f32x4.pmin(x, bound); }

/**
 * `runs` runs of `count` outputs, whose columns begin at p, p + q and p + r and `step` bytes on for each further run.
 * `ends`: what bounds the columns before an output and, one on, behind it, again after `bytes`; twice `pitch` on, the
 * divisors of sums. Maxima: of the rows p + q only those that another line sees at p or p + r are tested for NaN.
 */
@inline
function reduceRuns(
  sums: bool, p: usize, q: usize, r: usize, step: usize, to: usize, count: i32, runs: i32,
  ends: usize, bytes: usize, pitch: usize,
): bool {
  const stop = ends + bytes, shares = 2 * pitch, length = (<usize>(count - 1) & ~3) * 4;
  let sum = f32x4.splat(0);
  for (; runs > 0; runs--, p += step - length, to += <usize>count * 4) {
    const last = p + length, out = to - p;
    let at = ends, result = sum, x = v128.load(p), z = v128.load(p + r), a = reduce(sums, x, v128.load(p + q));
    for (a = reduce(sums, a, z); ; p += 16) {
      if (!sums) sum = madd(x, z, sum);
      x = v128.load(p, 16); z = v128.load(p + r, 16);
      const b = reduce(sums, reduce(sums, x, v128.load(p + q, 16)), z);
      result = reduce(sums, inside(sums, a, v128.load(at)), v128.shuffle<f32>(a, b, 1, 2, 3, 4));
      result = reduce(sums, result, inside(sums, v128.shuffle<f32>(a, b, 2, 3, 4, 5), v128.load(at, 4)));
      if (sums) result = f32x4.div(result, v128.load(at + shares));
      a = b;
      at += 16;
      if (at == stop) at = ends;
      if (p == last) break;
      v128.store(p + out, result);
    }
    if (!sums) sum = madd(x, z, sum);
    putLanes(p + out, result, result, ((count - 1) & 3) + 1);
  }
  return sums ? false : mayHoldNaN(sum);
}

@apart export function sumRuns(
  p: usize, q: usize, r: usize, step: usize, to: usize, count: i32, runs: i32, ends: usize, bytes: usize, pitch: usize,
): void { reduceRuns(true, p, q, r, step, to, count, runs, ends, bytes, pitch); }
@apart export function maxRuns(
  p: usize, q: usize, r: usize, step: usize, to: usize, count: i32, runs: i32, ends: usize, bytes: usize, pitch: usize,
): bool { return reduceRuns(false, p, q, r, step, to, count, runs, ends, bytes, pitch); }
