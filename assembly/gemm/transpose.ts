// Transposes a matrix of f32: to[j][i] = from[i][j]. Layout changes (channels first to last and back) are transposes
// too.
import { putLanes } from "../simd/vector";

/**
 * Rows that pass together, so that every piece of `to` that is written is several whole cache lines (16 run at half the
 * speed beyond 1 MB, 128 no faster).
 */
const ROWS: i32 = 64;

/**
 * Four columns of `rows` (1 to 4) rows; stores the first `cols` of them. `r1`, `r2`, `r3`: bytes from the first row to
 * the others.
 */
@inline
function block(to: usize, toStep: usize, from: usize, r1: usize, r2: usize, r3: usize, rows: i32, cols: i32): void {
  const a = v128.load(from), b = v128.load(from + r1), c = v128.load(from + r2), d = v128.load(from + r3);
  const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5), ab1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5), cd1 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  const t0 = v128.shuffle<i64>(ab0, cd0, 0, 2), t1 = v128.shuffle<i64>(ab0, cd0, 1, 3);
  const t2 = v128.shuffle<i64>(ab1, cd1, 0, 2), t3 = v128.shuffle<i64>(ab1, cd1, 1, 3);
  if (rows == 4 && cols == 4) {
    v128.store(to, t0); v128.store(to + toStep, t1);
    v128.store(to + 2 * toStep, t2); v128.store(to + 3 * toStep, t3);
    return;
  }
  putLanes(to, t0, t0, rows);
  if (cols > 1) putLanes(to + toStep, t1, t1, rows);
  if (cols > 2) putLanes(to + 2 * toStep, t2, t2, rows);
  if (cols > 3) putLanes(to + 3 * toStep, t3, t3, rows);
}

/**
 * Up to ROWS rows. The last block of columns overlaps the one before it; with fewer than four columns the loads run
 * past the row.
 */
function band(to: usize, toStep: usize, from: usize, fromStep: usize, rows: i32, cols: i32): void {
  const width = min(4, cols);
  for (let next = 0; next < cols;) {
    const j = max(0, min(next, cols - 4));
    let t = to + <usize>j * toStep, f = from + <usize>j * 4, rest = rows;
    for (; rest >= 4; rest -= 4) {
      block(t, toStep, f, fromStep, 2 * fromStep, 3 * fromStep, 4, width);
      t += 16;
      f += 4 * fromStep;
    }
    if (rest) block(t, toStep, f, rest > 1 ? fromStep : 0, rest > 2 ? 2 * fromStep : 0, 0, rest, width);
    next = j + 4;
  }
}

/** `toStep` and `fromStep` are the bytes from row to row. */
export function transpose(to: usize, toStep: usize, from: usize, fromStep: usize, rows: i32, cols: i32): void {
  for (let i = 0; i < rows; i += ROWS) {
    band(to + <usize>i * 4, toStep, from + <usize>i * fromStep, fromStep, min(ROWS, rows - i), cols);
  }
}
