// Transposes a matrix of f32: to[j][i] = from[i][j]. Layout changes (channels first to last and back) are transposes too.
import { storeLanes } from "../simd/vector";

/** Four rows starting at `from`, four columns, into four rows of `count` (1 to 4) lanes. `step` reaches the next row that exists. */
@inline
function block(to: usize, toStep: usize, r0: usize, r1: usize, r2: usize, r3: usize, count: i32): void {
  const a = v128.load(r0), b = v128.load(r1), c = v128.load(r2), d = v128.load(r3);
  const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5), ab1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5), cd1 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  const t0 = v128.shuffle<i64>(ab0, cd0, 0, 2), t1 = v128.shuffle<i64>(ab0, cd0, 1, 3);
  const t2 = v128.shuffle<i64>(ab1, cd1, 0, 2), t3 = v128.shuffle<i64>(ab1, cd1, 1, 3);
  if (count == 4) {
    v128.store(to, t0); v128.store(to + toStep, t1); v128.store(to + 2 * toStep, t2); v128.store(to + 3 * toStep, t3);
  } else {
    storeLanes(to, t0, t0, count); storeLanes(to + toStep, t1, t1, count);
    storeLanes(to + 2 * toStep, t2, t2, count); storeLanes(to + 3 * toStep, t3, t3, count);
  }
}

/** Columns [0, cols) of the rows that `count` (1 to 4) says exist. The last block overlaps the one before it; fewer than four columns go one by one. */
function band(to: usize, toStep: usize, from: usize, fromStep: usize, count: i32, cols: i32): void {
  const r1: usize = count > 1 ? fromStep : 0, r2: usize = count > 2 ? 2 * fromStep : 0, r3: usize = count > 3 ? 3 * fromStep : 0;
  if (cols < 4) {
    for (let j = 0; j < cols; j++) {
      for (let i = 0; i < count; i++) store<f32>(to + <usize>i * 4, load<f32>(from + <usize>i * fromStep));
      to += toStep; from += 4;
    }
    return;
  }
  for (let next = 0; next < cols;) {
    const j = min(next, cols - 4), p = from + <usize>j * 4;
    block(to + <usize>j * toStep, toStep, p, p + r1, p + r2, p + r3, count);
    next = j + 4;
  }
}

/** `toStep` and `fromStep` are the bytes from row to row. Blocks of 64 columns keep the written rows in the cache while all rows of `from` pass. */
export function transpose(to: usize, toStep: usize, from: usize, fromStep: usize, rows: i32, cols: i32): void {
  for (let j = 0; j < cols; j += 64) {
    const width = min(64, cols - j);
    for (let i = 0; i < rows; i += 4) {
      band(to + <usize>j * toStep + <usize>i * 4, toStep, from + <usize>i * fromStep + <usize>j * 4, fromStep, min(4, rows - i), width);
    }
  }
}
