// Windows of three rows by three columns, and of two by two, that slide along a row: each column of a window is reduced once and kept for the next
// output, so that an output costs a third (stride 1) or two thirds (stride 2) of its taps.
//
// Live vectors: 3 inputs, 1 or 2 columns, the sum that tells of NaN (see max.ts).
import { Taps } from "./taps";

@inline
function reduce(sums: bool, a: v128, b: v128): v128 { return sums ? f32x4.add(a, b) : f32x4.pmax(a, b); }

/** Where the rows of the window start: `rows` (1 to 3) are listed, the last one stands in for others. */
@inline
function rowOf(f: Taps, row: i32, rows: i32, taps: i32): usize { return f.from + load<u32>(f.table + <usize>(min(row, rows - 1) * taps) * 8); }

/** Columns that are kept lie at `kept`, two pixels. Returns whether the inputs may hold NaN. */
@inline
function slide(sums: bool, stride: i32, f: Taps, rows: i32, kept: usize): bool {
  let r = rowOf(f, 0, rows, 3), to = f.to, a = kept, b = kept + f.bytes, sum = f32x4.splat(0);
  const pixel = f.bytes, q = rowOf(f, 1, rows, 3) - r, s = rowOf(f, 2, rows, 3) - r, divisor = f32x4.splat(f.divisor);
  // the columns before the first new one
  for (let i = 0; i < 3 - stride; i++) {
    for (const end = r + pixel; r < end; r += 16, a += 16) {
      const x = v128.load(r), y = v128.load(r + q), z = v128.load(r + s);
      if (!sums) sum = f32x4.add(sum, f32x4.add(f32x4.add(x, y), z));
      v128.store(a, reduce(sums, reduce(sums, x, y), z));
    }
  }
  a = kept;
  for (let count = f.count; count > 0; count--) {
    const first = a - r, second = b - r, out = to - r;
    for (const end = r + pixel; r < end; r += 16) {
      let x = v128.load(r), y = v128.load(r + q), z = v128.load(r + s), n = reduce(sums, reduce(sums, x, y), z), m = v128.load(r + first);
      if (!sums) sum = f32x4.add(sum, f32x4.add(f32x4.add(x, y), z));
      if (stride == 1) m = reduce(sums, m, v128.load(r + second));
      else {
        m = reduce(sums, m, n);
        const p = r + pixel;
        x = v128.load(p); y = v128.load(p + q); z = v128.load(p + s);
        if (!sums) sum = f32x4.add(sum, f32x4.add(f32x4.add(x, y), z));
        n = reduce(sums, reduce(sums, x, y), z);
      }
      v128.store(r + first, n);
      m = reduce(sums, m, n);
      v128.store(r + out, sums ? f32x4.div(m, divisor) : m);
    }
    to += f.toStep;
    if (stride == 2) r += pixel;
    else {
      const next = b;
      b = a;
      a = next;
    }
  }
  return sums ? false : v128.any_true(f32x4.ne(sum, sum));
}

export function maxSlide3s1(f: Taps, rows: i32, kept: usize): bool { return slide(false, 1, f, rows, kept); }
export function maxSlide3s2(f: Taps, rows: i32, kept: usize): bool { return slide(false, 2, f, rows, kept); }
export function sumSlide3s1(f: Taps, rows: i32, kept: usize): bool { return slide(true, 1, f, rows, kept); }

/** Two rows by two columns, two columns on. */
export function maxSlide2s2(f: Taps, rows: i32): bool {
  let r = rowOf(f, 0, rows, 2), to = f.to, sum = f32x4.splat(0);
  const pixel = f.bytes, q = rowOf(f, 1, rows, 2) - r;
  for (let count = f.count; count > 0; count--) {
    const out = to - r;
    for (const end = r + pixel; r < end; r += 16) {
      const p = r + pixel, x = v128.load(r), y = v128.load(r + q), z = v128.load(p), w = v128.load(p + q);
      sum = f32x4.add(sum, f32x4.add(f32x4.add(x, y), f32x4.add(z, w)));
      v128.store(r + out, f32x4.pmax(f32x4.pmax(x, y), f32x4.pmax(z, w)));
    }
    r += pixel; to += f.toStep;
  }
  return v128.any_true(f32x4.ne(sum, sum));
}
