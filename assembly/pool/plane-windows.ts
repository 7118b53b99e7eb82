// Maxima and sums of fixed windows in planes: channels first, and no plane is turned. Lanes are neighbouring outputs of
// a line, and rows are read in place: columns are reduced first, and shuffles make neighbouring ones taps. Rows above
// and below a plane are others of the window (maxima) or zeros; columns beside it are made -Infinity or 0. Reads end at
// most 15 floats past a plane.
//
// NaN is seen as in max.ts; lines that may hold one are made anew, cell by cell.
import { madd, storeLanes } from "../simd/vector";
import { SUM } from "./geometry";
import { mayHoldNaN } from "./max";
import { reduce } from "./slide";

@unmanaged
export class PlanePool {
  kind: i32;
  /** Cells of the input, windows, taps of a window, their stride, and padding in front. */
  ih: i32; iw: i32;
  oh: i32; ow: i32;
  kh: i32; kw: i32;
  sh: i32; sw: i32;
  ph: i32; pw: i32;
  /** Scratch: three lines, `pitch` bytes apart, of what bounds columns, of zeros, and of divisors. */
  lines: usize;
  pitch: usize;
  /** [oh] and [ow]: sums are divided by their products. */
  rowShares: usize;
  columnShares: usize;
}

/** Bytes of a line in front of its first column, and of all that is not one of its columns. */
const FRONT: usize = 16;
export const PLANE_LINE_BYTES: i32 = 128;

/**
 * `count` lines of outputs, whose windows have the rows p and p + q, r, u, v; of which k (a literal: 2, 3 or 5) are
 * looked at; s (another): 1 or 2 columns from output to output.
 */
@inline
function lines(
  sums: bool, k: i32, s: i32, f: PlanePool, from: usize, q: usize, r: usize, u: usize, v: usize, to: usize, count: i32,
): bool {
  const first = <usize>-f.pw << 2, bounds = f.lines + FRONT + first, wide = bounds + 2 * f.pitch - first, ow = f.ow;
  const step = <usize>(f.sh * f.iw) << 2;
  let sum = f32x4.splat(0), other = sum, third = sum;
  from += first;
  for (; count > 0; count--, from += step) {
    let left = ow, a = f32x4.splat(0), b = a, due = k == 2 && s == 2, near = true, shares = wide, bound = bounds;
    for (let p = from; ; p += 16 * s, bound += 16 * s) {
      let t = p + q, x = v128.load(p), y = v128.load(t), z = x, w = x;
      if (s == 2) { z = v128.load(p, 16); w = v128.load(t, 16); }
      if (!sums) {
        sum = madd(x, y, sum);
        if (s == 2) other = madd(z, w, other);
      }
      x = reduce(sums, x, y);
      if (s == 2) z = reduce(sums, z, w);
      if (k > 2) {
        t = p + r;
        y = v128.load(t);
        if (s == 2) w = v128.load(t, 16);
        if (!sums) third = s == 2 ? madd(y, w, third) : f32x4.add(third, y);
        x = reduce(sums, x, y);
        if (s == 2) z = reduce(sums, z, w);
      }
      if (k > 3) {
        y = v128.load(p + u); w = v128.load(p + v);
        if (!sums) other = madd(y, w, other);
        x = reduce(sums, x, reduce(sums, y, w));
      }
      if (near) {
        y = v128.load(bound);
        x = sums ? v128.and(x, y) : f32x4.pmin(x, y);
        if (s == 2) {
          y = v128.load(bound, 16);
          z = sums ? v128.and(z, y) : f32x4.pmin(z, y);
        }
      }
      let result: v128;
      if (s == 2) {
        const even = v128.shuffle<f32>(x, z, 0, 2, 4, 6);
        result = reduce(sums, even, v128.shuffle<f32>(x, z, 1, 3, 5, 7));
        // the third column of the last output is there only now
        if (k == 3) {
          y = result;
          result = reduce(sums, b, v128.shuffle<f32>(a, even, 1, 2, 3, 4));
          a = even;
          b = y;
        }
      } else {
        result = reduce(sums, a, v128.shuffle<f32>(a, x, 1, 2, 3, 4));
        if (k == 3) result = reduce(sums, result, v128.shuffle<f32>(a, x, 2, 3, 4, 5));
        if (k == 5) {
          y = reduce(sums, v128.shuffle<f32>(a, x, 2, 3, 4, 5), v128.shuffle<f32>(a, x, 3, 4, 5, 6));
          result = reduce(sums, reduce(sums, result, y), x);
        }
        a = x;
      }
      if (due) {
        if (sums) {
          result = f32x4.div(result, v128.load(shares));
          shares += 16;
        }
        if (left <= 4) {
          // what is stored behind a line the next one overwrites
          if (count > 1) v128.store(to, result);
          else storeLanes(to, result, result, left);
          to += <usize>left << 2;
          break;
        }
        v128.store(to, result);
        to += 16; left -= 4;
      }
      due = true;
      near = left <= 8;
    }
  }
  return sums ? false : mayHoldNaN(f32x4.add(f32x4.add(sum, other), third));
}

@apart export function max2(f: PlanePool, p: usize, q: usize, to: usize, count: i32): bool {
  return lines(false, 2, 1, f, p, q, 0, 0, 0, to, count);
}
@apart export function max2by2(f: PlanePool, p: usize, q: usize, to: usize, count: i32): bool {
  return lines(false, 2, 2, f, p, q, 0, 0, 0, to, count);
}
@apart export function max3(f: PlanePool, p: usize, q: usize, r: usize, to: usize, count: i32): bool {
  return lines(false, 3, 1, f, p, q, r, 0, 0, to, count);
}
@apart export function max3by2(f: PlanePool, p: usize, q: usize, r: usize, to: usize, count: i32): bool {
  return lines(false, 3, 2, f, p, q, r, 0, 0, to, count);
}
@apart export function max5(
  f: PlanePool, p: usize, q: usize, r: usize, u: usize, v: usize, to: usize, count: i32,
): bool { return lines(false, 5, 1, f, p, q, r, u, v, to, count); }
@apart export function sum2by2(f: PlanePool, p: usize, q: usize, to: usize, count: i32): bool {
  return lines(true, 2, 2, f, p, q, 0, 0, 0, to, count);
}
@apart export function sum3(f: PlanePool, p: usize, q: usize, r: usize, to: usize, count: i32): bool {
  return lines(true, 3, 1, f, p, q, r, 0, 0, to, count);
}
@apart export function sum3by2(f: PlanePool, p: usize, q: usize, r: usize, to: usize, count: i32): bool {
  return lines(true, 3, 2, f, p, q, r, 0, 0, to, count);
}

/** `count` lines from line o of a plane on, by the definition: NaN wins. */
function selectLines(p: PlanePool, x: usize, o: i32, count: i32, y: usize): void {
  for (let r = 0; r < count; r++) {
    for (let c = 0; c < p.ow; c++, y += 4) {
      let best: f32 = -Infinity;
      for (let j = 0, h = (o + r) * p.sh - p.ph; j < p.kh; j++, h++) {
        for (let k = 0, w = c * p.sw - p.pw; k < p.kw; k++, w++) {
          if (<u32>h >= <u32>p.ih || <u32>w >= <u32>p.iw) continue;
          const v = load<f32>(x + (<usize>(h * p.iw + w) << 2));
          if (v > best || v != v) best = v;
        }
      }
      store<f32>(y, best);
    }
  }
}

/** Row h of a plane; of what the window has no row [least, most], zeros or the nearest one. */
@inline
function rowAt(sums: bool, h: i32, least: i32, most: i32, from: usize, row: usize, zeros: usize): usize {
  return sums && (h < least || h > most) ? zeros : from + <usize>max(least, min(h, most)) * row;
}

/** Windows of planes [begin, end), which are made whole. */
export function poolPlanes(f: PlanePool, x: usize, y: usize, begin: i32, end: i32): void {
  const sums = f.kind == SUM, ih = f.ih, iw = f.iw, oh = f.oh, kh = f.kh, k = f.kw, sh = f.sh, two = f.sw == 2;
  const row = <usize>iw << 2, line = <usize>f.ow << 2, bounds = f.lines + FRONT, zeros = bounds + f.pitch;
  for (let c = -4; c < iw + 28; c++) {
    const at = bounds + (<usize>c << 2), inside = <u32>c < <u32>iw;
    store<i32>(at, sums ? -i32(inside) : inside ? 0x7f800000 : 0xff800000);
    if (sums) store<i32>(at + f.pitch, 0);
  }
  // lines [high, low) have the same rows, one `sh` rows after the other
  const high = (f.ph + sh - 1) / sh, low = kh == k || !sums ? (ih + f.ph - kh + sh) / sh : 0;
  let known = 0;
  y += <usize>(begin * oh) * line;
  for (let plane = begin; plane < end; plane++) {
    const from = x + <usize>(plane * ih) * row;
    for (let o = 0, count = 0; o < oh; o += count, y += <usize>count * line) {
      count = high <= o && o < low ? min(low, oh) - o : 1;
      if (sums) {
        const share = load<i32>(f.rowShares + (<usize>o << 2)), divisors = zeros + f.pitch;
        for (let c: usize = 0; c < line && share != known; c += 4) {
          store<f32>(divisors + c, <f32>(share * load<i32>(f.columnShares + c)));
        }
        known = share;
      }
      const top = o * sh - f.ph, least = max(top, 0), most = min(top + kh, ih) - 1;
      const p = rowAt(sums, top, least, most, from, row, zeros);
      const q = rowAt(sums, top + 1, least, most, from, row, zeros) - p;
      const r = rowAt(sums, top + 2, least, most, from, row, zeros) - p;
      let seen = false;
      if (sums) {
        if (k == 2) sum2by2(f, p, q, y, count);
        else if (two) sum3by2(f, p, q, r, y, count);
        else sum3(f, p, q, r, y, count);
      } else if (k == 2) seen = two ? max2by2(f, p, q, y, count) : max2(f, p, q, y, count);
      else if (two) seen = max3by2(f, p, q, r, y, count);
      else if (k == 3) seen = max3(f, p, q, r, y, count);
      else {
        const u = rowAt(sums, top + 3, least, most, from, row, zeros) - p;
        seen = max5(f, p, q, r, u, rowAt(sums, top + 4, least, most, from, row, zeros) - p, y, count);
      }
      if (seen) selectLines(f, from, o, count, y);
    }
  }
}
