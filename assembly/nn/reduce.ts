// Sums over any axes, in f64.
import { columnSums, rowSums } from "../gemm/sums";
import { Stepped } from "./permute";

/**
 * Adds the sums of matrices of `rows` x `cols` floats, for all indices of the axes listed in [axes, axesEnd), but
 * `outer` of the first one: of their rows, or of their columns.
 */
export function reduce(
  to: usize, from: usize, rows: i32, cols: i32, alongRows: bool, axes: usize, axesEnd: usize, outer: i32,
): void {
  if (axes == axesEnd) {
    if (alongRows) rowSums(to, from, rows, cols);
    else columnSums(to, from, rows, cols);
    return;
  }
  const axis = changetype<Stepped>(axes), inner = axes + offsetof<Stepped>();
  const next = inner == axesEnd ? 0 : changetype<Stepped>(inner).count;
  for (; outer > 0; outer--, to += axis.to, from += axis.from) {
    reduce(to, from, rows, cols, alongRows, inner, axesEnd, next);
  }
}

/** to = factor * sums, rounded to f32. */
export function roundSums(to: usize, sums: usize, count: i32, factor: f64): void {
  for (const end = to + <usize>count * 4; to < end; to += 4, sums += 8) store<f32>(to, <f32>(load<f64>(sums) * factor));
}
