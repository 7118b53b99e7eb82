// Maxima and sums of fixed windows in planes: channels first, and no plane is turned. Lanes are neighbouring outputs of
// a line, and rows are read in place: columns are reduced first, and shuffles make neighbouring ones taps. Rows above
// and below a plane are others of the window (maxima) or zeros; columns beside it are made -Infinity or 0. Reads end at
// most 15 floats past a plane.
//
// NaN is seen as in max.ts; lines that may hold one are made anew, cell by cell.
import { SUM } from "./geometry";
import { FRONT, PlanePool, max2, max2by2, max3, max3by2, max5, sum2by2, sum3, sum3by2 } from "./plane-lines";

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
