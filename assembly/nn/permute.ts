// Axes in another order: the two that are innermost in x and in y are transposed for all indices of the others.
import { transpose } from "../gemm/transpose";
import { copyRun } from "./lanes";

/** Another axis. */
@unmanaged
export class Stepped {
  count: i32;
  /** Bytes from one index to the next. */
  to: usize; from: usize;
}

/**
 * to[j][i] = from[i][j] for i < rows, j < cols, and all indices of the axes listed in [axes, axesEnd), but `outer` of
 * the first one. No rows: the innermost axis is the same in both, `cols` floats.
 */
export function permute(
  to: usize, toStep: usize, from: usize, fromStep: usize, rows: i32, cols: i32, axes: usize, axesEnd: usize,
  outer: i32,
): void {
  if (axes == axesEnd) {
    if (rows) transpose(to, toStep, from, fromStep, rows, cols);
    else copyRun(to, from, cols);
    return;
  }
  const axis = changetype<Stepped>(axes), inner = axes + offsetof<Stepped>();
  const next = inner == axesEnd ? 0 : changetype<Stepped>(inner).count;
  for (; outer > 0; outer--, to += axis.to, from += axis.from) {
    permute(to, toStep, from, fromStep, rows, cols, inner, axesEnd, next);
  }
}
