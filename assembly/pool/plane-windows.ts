// Maxima and sums of fixed windows in planes: channels first, and no plane is turned. What some output rows see is
// copied between cells that change nothing, the planes of a deep window made one first. Then rows are joined, three at
// a time, and columns in the same way, over all lines in one go: of what every cell has now the stride picks the
// outputs. Where no window reaches beyond its plane, sums are made of the planes as they stand.
//
// pmax does not keep NaN (see max.ts): the copy looks for it, and rows that see one are made anew, cell by cell.
import { SUM } from "./geometry";
import { reduce } from "./slide";

@unmanaged
export class PlanePool {
  kind: i32;
  /** Cells of the input, windows, taps of a window, their stride and dilation, and padding in front. */
  id: i32; ih: i32; iw: i32;
  od: i32; oh: i32; ow: i32;
  kd: i32; kh: i32; kw: i32;
  sd: i32; sh: i32; sw: i32;
  dd: i32; dh: i32; dw: i32;
  pd: i32; ph: i32; pw: i32;
  /** Output rows that are made together. */
  rows: i32;
  /** Bytes from line to line. */
  pitch: usize;
  /** 1: rows are copied before they are joined. */
  copies: i32;
  /** Scratch: the copy, joined rows, and joined columns, which may be the same lines. */
  copy: usize;
  lines: usize;
  results: usize;
  /** [od oh] and [ow]: sums are divided by their products. */
  rowShares: usize;
  columnShares: usize;
}

/** Copies rows of two vectors or more, from the first to the one at `last` bytes. Returns whether they hold NaN. */
@apart export function copyLines(from: usize, to: usize, rows: i32, last: i32, step: usize, toStep: usize): bool {
  let seen = f32x4.splat(0);
  for (; rows > 0; rows--, from += step, to += toStep) {
    for (let c = 0; ; c += 32) {
      c = min(c, last);
      let t = from + c;
      const x = v128.load(t), y = v128.load(t, 16);
      seen = v128.or(seen, f32x4.ne(x, x)); seen = v128.or(seen, f32x4.ne(y, y));
      t = to + c; v128.store(t, x); v128.store(t, y, 16);
      if (c == last) break;
    }
  }
  return v128.any_true(seen);
}

/** `bytes` bytes of two lines (`three`: three) made one, in pairs of vectors. */
@inline
function join(sums: bool, three: bool, p: usize, q: usize, r: usize, to: usize, bytes: usize): void {
  q -= p; r -= p; to -= p;
  for (const end = p + bytes; p < end; p += 32) {
    let t = p + q, x = reduce(sums, v128.load(p), v128.load(t)), y = reduce(sums, v128.load(p, 16), v128.load(t, 16));
    if (three) { t = p + r; x = reduce(sums, x, v128.load(t)); y = reduce(sums, y, v128.load(t, 16)); }
    t = p + to; v128.store(t, x); v128.store(t, y, 16);
  }
}
@apart export function maxThree(p: usize, q: usize, r: usize, to: usize, bytes: usize): void {
  join(false, true, p, q, r, to, bytes);
}
@apart export function sumThree(p: usize, q: usize, r: usize, to: usize, bytes: usize): void {
  join(true, true, p, q, r, to, bytes);
}
@apart export function sumTwo(p: usize, q: usize, to: usize, bytes: usize): void {
  join(true, false, p, q, q, to, bytes);
}

/** `count` lines, two or more, `step` bytes apart. */
function joinAll(sums: bool, from: usize, step: usize, count: i32, to: usize, bytes: usize): void {
  for (let i = 1, a = from, b = from + step; i < count; i += 2, a = to, b += 2 * step) {
    const c = i + 1 < count ? b + step : b;
    if (!sums) maxThree(a, b, c, to, bytes);
    else if (b != c) sumThree(a, b, c, to, bytes);
    else sumTwo(a, b, to, bytes);
  }
}

/** Divides by a row's share and those of columns. */
@inline
function divide(x: v128, share: v128, at: usize): v128 {
  return f32x4.div(x, f32x4.convert_i32x4_s(i32x4.mul(share, v128.load(at))));
}

/** The cells of `rows` lines that a stride of 1 or 2 picks; sums are divided. */
@apart export function pick(p: PlanePool, from: usize, step: usize, to: usize, rows: i32, shares: usize): void {
  const last = (p.ow - 8) << 2, sums = p.kind == SUM, row = <usize>p.ow << 2, wide = p.columnShares, sw = p.sw;
  for (; rows > 0; rows--, from += step, to += row, shares += 4) {
    const share = v128.load32_splat(shares);
    for (let c = 0; ; c += 32) {
      c = min(c, last);
      let t = from + c * sw, x = v128.load(t), y = v128.load(t, 16);
      if (sw == 2) {
        x = v128.shuffle<f32>(x, y, 0, 2, 4, 6);
        y = v128.shuffle<f32>(v128.load(t, 32), v128.load(t, 48), 0, 2, 4, 6);
      }
      if (sums) {
        t = wide + c;
        x = divide(x, share, t);
        y = divide(y, share, t + 16);
      }
      t = to + c; v128.store(t, x); v128.store(t, y, 16);
      if (c == last) break;
    }
  }
}

/** `rows` output rows from row o of plane z on, by the definition: NaN wins. */
export function selectRows(p: PlanePool, x: usize, z: i32, o: i32, rows: i32, y: usize): void {
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < p.ow; c++) {
      let best: f32 = -Infinity;
      for (let i = 0, d = z * p.sd - p.pd; i < p.kd; i++, d += p.dd) {
        for (let j = 0, h = (o + r) * p.sh - p.ph; j < p.kh; j++, h += p.dh) {
          for (let k = 0, w = c * p.sw - p.pw; k < p.kw; k++, w += p.dw) {
            if (<u32>d >= <u32>p.id || <u32>h >= <u32>p.ih || <u32>w >= <u32>p.iw) continue;
            const v = load<f32>(x + (<usize>((d * p.ih + h) * p.iw + w) << 2));
            if (v > best || v != v) best = v;
          }
        }
      }
      store<f32>(y + (<usize>(r * p.ow + c) << 2), best);
    }
  }
}

/** Windows of planes, or volumes, [begin, end). */
export function poolPlanes(p: PlanePool, x: usize, y: usize, begin: i32, end: i32): void {
  const sums = p.kind == SUM, ih = p.ih, oh = p.oh, ow = p.ow, pitch = p.pitch, kh = p.kh, kw = p.kw, sh = p.sh;
  const row = <usize>p.iw << 2, plane = <usize>ih * row, inset = <usize>p.pw << 2, last = <i32>row - 32;
  const outputs = <usize>((ow - 1) * p.sw + 1) << 2, tap = <usize>p.dw << 2, span = outputs + <usize>(kw - 1) * tap;
  const nothing: f32 = sums ? 0 : -Infinity, step = kh > 1 ? pitch : <usize>sh * pitch;
  for (let at = p.copy; at < p.lines; at += 4) store<f32>(at, nothing);
  for (let line = begin * p.od * oh, rows = 0; line < end * p.od * oh; line += rows) {
    const o = line % oh, z = line / oh % p.od, volume = x + <usize>(line / (p.od * oh) * p.id) * plane;
    rows = min(p.rows, oh - o);
    const top = o * sh - p.ph, seen = (rows - 1) * sh + (kh - 1) * p.dh + 1;
    const above = max(top, 0), there = min(top + seen, ih) - above, to = y + (<usize>(line * ow) << 2);
    // planes of the window
    let d = z * p.sd - p.pd, planes = p.kd, holdsNaN = false;
    for (; d < 0; d += p.dd) planes--;
    planes = min(planes, (p.id - 1 - d) / p.dd + 1);
    let from = volume + <usize>d * plane + <usize>above * row;
    if (p.copies) {
      const at = p.copy + inset + <usize>(above - top) * pitch, deep = <usize>p.dd * plane;
      if (planes > 1) {
        for (let i = 0; i < planes && !sums; i++) {
          holdsNaN = copyLines(from + <usize>i * deep, at, there, last, row, pitch) || holdsNaN;
        }
        joinAll(sums, from, deep, planes, p.lines, <usize>there * row);
        from = p.lines;
      }
      holdsNaN = copyLines(from, at, there, last, row, pitch) || holdsNaN;
      // rows above and below change nothing
      for (let r = 0; rows < oh && r < seen; r++) {
        if (<u32>(top + r) < <u32>ih) continue;
        const at = p.copy + inset + <usize>r * pitch;
        for (let c: usize = 0; c < row; c += 4) store<f32>(at + c, nothing);
      }
      from = p.copy;
    }
    if (holdsNaN && !sums) { selectRows(p, volume, z, o, rows, to); continue; }
    if (kh > 1) {
      // windows with stride 1 follow each other
      const flat = sh == 1, all = flat ? <usize>(rows - 1) * pitch + span : span;
      for (let r = flat ? rows - 1 : 0; r < rows; r++) {
        const at = flat ? 0 : r;
        joinAll(sums, from + <usize>(at * sh) * pitch, <usize>p.dh * pitch, kh, p.lines + <usize>at * pitch, all);
      }
      from = p.lines;
    }
    if (kw > 1) {
      joinAll(sums, from, tap, kw, p.results, <usize>(rows - 1) * step + outputs);
      from = p.results;
    }
    pick(p, from, step, to, rows, p.rowShares + (<usize>(z * oh + o) << 2));
  }
}
