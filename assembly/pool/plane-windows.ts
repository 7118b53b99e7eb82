// Maxima and sums of square windows in planes: channels first, and no plane is turned. Lanes are neighbouring outputs
// of a line, and rows are read in place: columns are reduced first, and shuffles make neighbouring ones taps. Rows
// above and below a plane are the nearest ones (maxima) or zeros; columns beside it are made -Infinity or 0. Reads end
// at most 15 floats past a plane.
//
// NaN is seen as in max.ts; lines that may hold one are made anew, cell by cell.
import { SUM } from "./geometry";
import { FRONT, PlanePool, max2, max3by2, max5, sum2, sum3by2 } from "./plane-lines";
import { maxRuns, runColumns, sumRuns } from "./plane-runs";

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

/** Bytes of planes that take turns: what is known of a line serves all of them. */
const TOGETHER: i32 = 65536;

/** Row h of a plane; beyond it zeros or the nearest one. */
@inline
function rowAt(sums: bool, h: i32, ih: i32, from: usize, row: usize, zeros: usize): usize {
  return sums && <u32>h >= <u32>ih ? zeros : from + <usize>max(0, min(h, ih - 1)) * row;
}

/** Windows of planes [begin, end), which are made whole. */
export function poolPlanes(f: PlanePool, x: usize, y: usize, begin: i32, end: i32): void {
  const sums = f.kind == SUM, ih = f.ih, iw = f.iw, oh = f.oh, k = f.k, s = f.s, pitch = f.pitch;
  const row = <usize>iw << 2, line = <usize>f.ow << 2, bounds = f.lines + FRONT, zeros = bounds + pitch;
  // lines [high, low) see no row beyond a plane
  const high = (f.ph + s - 1) / s, low = min(oh, (ih + f.ph - k + s) / s);
  // rows that outputs are as long as follow each other
  const runs = k == 3 && s == 1, flows = runs && f.pw == 1 && iw == f.ow;
  const columns = flows && oh > 1 ? runColumns(iw) : f.ow, listed = <usize>columns << 2;
  for (let c = -4, column = c; c < max(columns, iw) + 28; c++, column++) {
    if (flows && column == iw) column = 0;
    const at = bounds + (<usize>c << 2), inside = <u32>(runs ? column - f.pw : c) < <u32>(iw - i32(runs));
    store<i32>(at, sums ? -i32(inside) : inside ? 0x7f800000 : 0xff800000);
    if (sums) store<i32>(at + pitch, 0);
  }
  const together = sums || runs || k == 2 ? 1 : 2;
  let known = 0;
  const planeBytes = <usize>ih * row, most = max(1, TOGETHER / <i32>planeBytes);
  for (let last = begin; begin < end; begin = last) {
    last = min(end, begin + most);
    for (let o = 0, count = 0; o < oh; o += together * count) {
      count = o < high ? 1 : max(1, (low - o) >> (together - 1));
      // the last two lines, once more
      o = min(o, oh - together);
      if (sums) {
        const share = load<i32>(f.rowShares + (<usize>o << 2)), divisors = zeros + pitch;
        for (let c: usize = 0, from: usize = 0; c < listed && share != known; c += 4) {
          store<f32>(divisors + c, <f32>(share * load<i32>(f.columnShares + from)));
          from += 4;
          if (from == line) from = 0;
        }
        known = share;
      }
      const h = o * s - f.ph;
      for (let plane = begin; plane < last; plane++) {
        const from = x + <usize>plane * planeBytes, to = y + <usize>(plane * oh + o) * line;
        const p = rowAt(sums, h, ih, from, row, zeros), q = rowAt(sums, h + 1, ih, from, row, zeros) - p;
        const r = rowAt(sums, h + 2, ih, from, row, zeros) - p;
        let seen = false;
        if (runs) {
          const first = p - (<usize>f.pw << 2), outputs = flows ? count * f.ow : f.ow, times = flows ? 1 : count;
          if (sums) sumRuns(first, q, r, row, to, outputs, times, bounds, listed, pitch);
          // nothing else tests the row of a line between two that see rows beyond the plane
          else seen = maxRuns(first, q, r, row, to, outputs, times, bounds, listed, pitch) || low - high == 1;
        } else if (sums) {
          if (k == 2) sum2(f, p, q, to, count);
          else sum3by2(f, p, q, r, to, count);
        } else if (k == 2) seen = max2(f, p, q, to, count);
        else {
          const u = rowAt(sums, h + 3, ih, from, row, zeros) - p, v = rowAt(sums, h + 4, ih, from, row, zeros) - p;
          if (k == 5) seen = max5(f, p, q, r, u, v, rowAt(sums, h + 5, ih, from, row, zeros) - p, to, count);
          else seen = max3by2(f, p, q, r, u, v, to, count);
        }
        if (seen) selectLines(f, from, o, together * count, to);
      }
    }
  }
}
