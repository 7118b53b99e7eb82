// The rows of a window, and what becomes of them.
import { argmaxTaps } from "./argmax";
import { ARGMAX, MAX, Pool, SUM } from "./geometry";
import { maxTaps } from "./max";
import { sumAll } from "./sum";
import { TAP_BYTES, Taps } from "./taps";

/**
 * Rows of one sweep of maxima: as many streams as prefetchers follow, and the result is written and read again once a
 * sweep.
 */
const SWEEP: usize = 8;

/**
 * Lists `planes` x `rows` x `taps` cells with `pixel` bytes a pixel, from the first one; returns the end of the table.
 */
export function listTaps(p: Pool, planes: i32, rows: i32, taps: i32, pixel: usize, table: usize): usize {
  const step = p.dw, bytes = <usize>step * pixel;
  for (let z = 0; z < planes; z++) {
    for (let y = 0; y < rows; y++) {
      let at = <usize>(z * p.dd) * p.xPlane + <usize>(y * p.dh) * p.xRow;
      let index = z * p.dd * p.indexPlane + y * p.dh * p.indexRow;
      for (let x = 0; x < taps; x++, at += bytes, index += step, table += TAP_BYTES) {
        store<u32>(table, at);
        store<i32>(table, index, 4);
      }
    }
  }
  return table;
}

/** Pools the taps of f, of which there is at least one. Returns whether a maximum may have missed a NaN. */
export function poolTaps(kind: i32, f: Taps): bool {
  if (kind == SUM) {
    sumAll(f);
    return false;
  }
  return kind == ARGMAX ? argmaxTaps(f) : maxTaps(f);
}

/** Makes one of the rows listed in [table, tableEnd), at f.to. */
export function reduceRows(kind: i32, f: Taps): bool {
  const from = f.from, end = f.tableEnd;
  let seen = false, table = f.table;
  while (kind == MAX && end - table > SWEEP * TAP_BYTES) {
    // the result so far takes the place of the last row of this sweep in the next one
    f.tableEnd = table + SWEEP * TAP_BYTES;
    seen = poolTaps(kind, f) || seen;
    table += (SWEEP - 1) * TAP_BYTES;
    store<u32>(table, f.to - from);
    f.table = table;
  }
  f.tableEnd = end;
  return poolTaps(kind, f) || seen;
}
