// Maxima of 2 x 2 and 3 x 3 cells with stride 2 in planes: channels first. Lanes are neighbouring outputs of a line,
// and rows are read in place: columns are reduced first, and even and odd ones are taps then. Of what lies above and
// below a plane the next row stands in; columns beside it are made -Infinity. Reads end at most 15 floats past a plane.
//
// NaN is seen as in max.ts, line by line; a line that may hold one is made anew, cell by cell.
import { madd, storeLanes } from "../simd/vector";
import { mayHoldNaN } from "./max";
import { PlanePool, selectRows } from "./plane-windows";

/** A line of outputs of k (a literal, 2 or 3) rows p, q, r, whose columns are all at most `bounds`. */
@inline
function line(k: i32, p: usize, q: usize, r: usize, to: usize, bounds: usize, left: i32, first: usize): bool {
  const step = q - p, next = r - p;
  let a = f32x4.splat(0), b = a, sum = a, other = a, third = a, due = k == 2;
  for (p += first, bounds += first; ; p += 32, bounds += 32) {
    let s = p + step, x = v128.load(p), y = v128.load(s), u = v128.load(p, 16), v = v128.load(s, 16);
    sum = madd(x, y, sum); other = madd(u, v, other);
    let m = f32x4.pmax(x, y), n = f32x4.pmax(u, v);
    if (k == 3) {
      s = p + next; x = v128.load(s); u = v128.load(s, 16);
      third = madd(x, u, third);
      m = f32x4.pmax(m, x); n = f32x4.pmax(n, u);
    }
    m = f32x4.pmin(m, v128.load(bounds)); n = f32x4.pmin(n, v128.load(bounds, 16));
    const even = v128.shuffle<f32>(m, n, 0, 2, 4, 6), odd = v128.shuffle<f32>(m, n, 1, 3, 5, 7);
    let result = f32x4.pmax(even, odd);
    // the third column of the last output is there only now
    if (k == 3) { result = f32x4.pmax(b, v128.shuffle<f32>(a, even, 1, 2, 3, 4)); a = even; b = f32x4.pmax(even, odd); }
    if (due) {
      if (left <= 4) { storeLanes(to, result, result, left); break; }
      v128.store(to, result);
      to += 16; left -= 4;
    }
    due = true;
  }
  return mayHoldNaN(f32x4.add(f32x4.add(sum, other), third));
}

@apart export function maxLine2(p: usize, q: usize, to: usize, bounds: usize, left: i32, first: usize): bool {
  return line(2, p, q, q, to, bounds, left, first);
}
@apart export function maxLine3(p: usize, q: usize, r: usize, to: usize, bounds: usize, left: i32, first: usize): bool {
  return line(3, p, q, r, to, bounds, left, first);
}

/** Row h of a plane of `ih`, or the next one that there is. */
@inline
function rowAt(h: i32, ih: i32, from: usize, row: usize): usize { return from + <usize>min(max(h, 0), ih - 1) * row; }

/** Windows of 2 x 2 or 3 x 3 cells of planes [begin, end), which are made whole; the copy has 4 iw + 128 bytes. */
export function maxPlanes(p: PlanePool, x: usize, y: usize, begin: i32, end: i32): void {
  const ih = p.ih, iw = p.iw, oh = p.oh, ow = p.ow, two = p.kw == 2;
  const row = <usize>iw << 2, bounds = p.copy + 16, first = <usize>-p.pw << 2;
  for (let c = -4; c < iw + 28; c++) {
    store<f32>(bounds + (<usize>c << 2), <u32>c < <u32>iw ? Infinity : -Infinity);
  }
  y += <usize>(begin * oh * ow) << 2;
  for (let plane = begin; plane < end; plane++) {
    const from = x + <usize>(plane * ih) * row;
    for (let o = 0, h = -p.ph; o < oh; o++, h += 2, y += <usize>ow << 2) {
      const a = rowAt(h, ih, from, row), b = rowAt(h + 1, ih, from, row), c = rowAt(h + 2, ih, from, row);
      if (two ? maxLine2(a, b, y, bounds, ow, first) : maxLine3(a, b, c, y, bounds, ow, first)) {
        selectRows(p, from, 0, o, 1, y);
      }
    }
  }
}
