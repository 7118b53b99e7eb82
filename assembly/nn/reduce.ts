// Sums over any axes, in f64.
import { columnSums, rowSums } from "../gemm/sums";
import { Stepped } from "./permute";

/**
 * Adds the sums of matrices of `rows` x `cols` floats, for all indices of the axes listed in [axes, axesEnd): of their
 * rows, or of their columns.
 */
export function reduce(
  to: usize, from: usize, rows: i32, cols: i32, alongRows: bool, axes: usize, axesEnd: usize,
): void {
  if (axes == axesEnd) {
    if (alongRows) rowSums(to, from, rows, cols);
    else columnSums(to, from, rows, cols);
    return;
  }
  const axis = changetype<Stepped>(axes), inner = axes + offsetof<Stepped>();
  for (let i = axis.count; i > 0; i--, to += axis.to, from += axis.from) {
    reduce(to, from, rows, cols, alongRows, inner, axesEnd);
  }
}

/** to = factor * sums, rounded to f32. */
export function roundSums(to: usize, sums: usize, count: i32, factor: f64): void {
  for (const end = to + <usize>count * 4; to < end; to += 4, sums += 8) store<f32>(to, <f32>(load<f64>(sums) * factor));
}
