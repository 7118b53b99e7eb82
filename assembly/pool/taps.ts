// What the loops of pooling are given: pixels that are each made of the same taps, element by element.

/** Bytes of an entry of the table of taps. */
@inline export const TAP_BYTES: usize = 8;

/**
 * to[p][j] = op over taps t of from[p + t][j], for pixels p < count and the floats j of a pixel. `from` and `to`
 * advance by their own steps; the table holds of every tap, two words each, the bytes from `from` and what it adds to
 * an index.
 */
@unmanaged
export class Taps {
  table: usize;
  tableEnd: usize;
  /** Maxima: taps before this one are known to hold no NaN. */
  tested: usize;
  from: usize;
  to: usize;
  step: usize;
  toStep: usize;
  count: i32;
  /** Of a pixel; a multiple of 16. */
  bytes: usize;
  /** Maxima: 1 lets NaN win. */
  selects: i32;
  /** Sums: divided by this. */
  divisor: f32;
  /** Sums: 1 adds to what `to` holds, and then nothing is divided. */
  accumulate: i32;
  /** Argmax: index of the first pixel's first tap, and what each further pixel adds. */
  index: i32;
  indexStep: i32;
  /** Argmax: bytes from a value to its index, in the result and (columns) in the operand. */
  toIndexBytes: usize;
  indexBytes: usize;
  /** Sums of many taps: room for two pixels. */
  partial: usize;
  /** 1: windows that slide walk along the row (see walk.ts). */
  walks: i32;
}
