// Maxima and sums of square windows in planes: channels first, and no plane is turned. Lanes are neighbouring outputs
// of a line, and rows are read in place: columns are reduced first, and shuffles make neighbouring ones taps. Rows
// above and below a plane are the nearest ones (maxima) or zeros; columns beside it are made -Infinity or 0. Reads end
// at most 15 floats past a plane.
//
// NaN is seen as in max.ts; lines that may hold one are made anew, cell by cell.
import { SUM } from "./geometry";
import { FRONT, PlanePool, max2, max3, max3by2, max5, sum2, sum3, sum3by2 } from "./plane-lines";

/** `count` lines from line o of a plane on, by the definition: NaN wins. */
function selectLines(p: PlanePool, x: usize, o: i32, count: i32, y: usize): void {
  for (let r = 0; r < count; r++) {
    for (let c = 0; c < p.ow; c++, y += 4) {
      let best: f32 = -Infinity;
      for (let j = 0, h = (o + r) * p.s - p.ph; j < p.k; j++, h++) {
        for (let k = 0, w = c * p.s - p.pw; k < p.k; k++, w++) {
          if (<u32>h >= <u32>p.ih || <u32>w >= <u32>p.iw) continue;
          const v = load<f32>(x + (<usize>(h * p.iw + w) << 2));
          if (v > best || v != v) best = v;
        }
      }
      store<f32>(y, best);
    }
  }
}

/** Row h of a plane; beyond it zeros or the nearest one. */
@inline
function rowAt(sums: bool, h: i32, ih: i32, from: usize, row: usize, zeros: usize): usize {
  return sums && <u32>h >= <u32>ih ? zeros : from + <usize>max(0, min(h, ih - 1)) * row;
}

/** Windows of planes [begin, end), which are made whole. */
export function poolPlanes(f: PlanePool, x: usize, y: usize, begin: i32, end: i32): void {
  const sums = f.kind == SUM, ih = f.ih, iw = f.iw, oh = f.oh, k = f.k, s = f.s, pitch = f.pitch;
  const row = <usize>iw << 2, line = <usize>f.ow << 2, bounds = f.lines + FRONT, zeros = bounds + pitch;
  for (let c = -4; c < iw + 28; c++) {
    const at = bounds + (<usize>c << 2), inside = <u32>c < <u32>iw;
    store<i32>(at, sums ? -i32(inside) : inside ? 0x7f800000 : 0xff800000);
    if (sums) store<i32>(at + pitch, 0);
  }
  // lines [high, low) see no row beyond a plane
  const high = (f.ph + s - 1) / s, low = min(oh, (ih + f.ph - k + s) / s);
  const together = sums || k == 2 ? 1 : 2;
  let known = 0;
  for (let plane = begin; plane < end; plane++) {
    const from = x + <usize>(plane * ih) * row;
    for (let o = 0, count = 0; o < oh; o += together * count) {
      count = o < high ? 1 : max(1, (low - o) / together);
      // the last two lines, once more
      o = min(o, oh - together);
      if (sums) {
        const share = load<i32>(f.rowShares + (<usize>o << 2)), divisors = zeros + pitch;
        for (let c: usize = 0; c < line && share != known; c += 4) {
          store<f32>(divisors + c, <f32>(share * load<i32>(f.columnShares + c)));
        }
        known = share;
      }
      const h = o * s - f.ph, to = y + <usize>(plane * oh + o) * line;
      const p = rowAt(sums, h, ih, from, row, zeros), q = rowAt(sums, h + 1, ih, from, row, zeros) - p;
      const r = rowAt(sums, h + 2, ih, from, row, zeros) - p, u = rowAt(sums, h + 3, ih, from, row, zeros) - p;
      const v = rowAt(sums, h + 4, ih, from, row, zeros) - p;
      let seen = false;
      if (sums) {
        if (k == 2) sum2(f, p, q, to, count);
        else if (s == 1) sum3(f, p, q, r, to, count);
        else sum3by2(f, p, q, r, to, count);
      } else if (k == 2) seen = max2(f, p, q, to, count);
      else if (k == 5) seen = max5(f, p, q, r, u, v, rowAt(sums, h + 5, ih, from, row, zeros) - p, to, count);
      else seen = s == 1 ? max3(f, p, q, r, u, to, count) : max3by2(f, p, q, r, u, v, to, count);
      if (seen) selectLines(f, from, o, together * count, to);
    }
  }
}
