// Linear interpolation along one, two or three axes: the rows around are blended, then the pixels of that row.
import { put } from "./lanes";

/** What an output index is blended of: places in bytes, and the share of the second one. */
@unmanaged
export class Between {
  first: i32; second: i32;
  share: f32;
}

@unmanaged
export class Interpolation {
  /** Output extents. */
  d: i32; h: i32; w: i32;
  /** Between [d], [h] and [w]; for the innermost axis places count from the row's begin. */
  depths: usize; heights: usize; widths: usize;
  /** Floats of a pixel, and of a row of the input. */
  c: i32; row: i32;
  /** Bytes of an image of the input. */
  image: usize;
  /** Scratch of a row. */
  blend: usize;
}

@inline
function mix(a: v128, b: v128, share: v128): v128 { return f32x4.add(a, f32x4.mul(share, f32x4.sub(b, a))); }

/** to = a + share (b - a), exactly a without a share. */
function blendRows(to: usize, a: usize, b: usize, count: i32, share: f32): void {
  const s = f32x4.splat(share);
  for (; count > 0; count -= 4, to += 16, a += 16, b += 16) put(to, mix(v128.load(a), v128.load(b), s), count);
}

/** The row between rows y of planes z: one of the input, or the scratch. */
@inline
function rowAt(p: Interpolation, from: usize, z: Between, y: Between): usize {
  const a = from + <usize>z.first + <usize>y.first;
  let row = a;
  if (y.share != 0) {
    row = p.blend;
    blendRows(row, a, from + <usize>z.first + <usize>y.second, p.row, y.share);
  }
  if (z.share != 0) {
    const b = from + <usize>z.second + <usize>y.first, behind = p.blend + <usize>p.row * 4 + 16;
    let other = b;
    if (y.share != 0) {
      other = behind;
      blendRows(other, b, from + <usize>z.second + <usize>y.second, p.row, y.share);
    }
    blendRows(p.blend, row, other, p.row, z.share);
    row = p.blend;
  }
  return row;
}

@inline
function four(row: usize, a: i32, b: i32, c: i32, d: i32): v128 {
  let v = v128.load32_zero(row + <usize>a);
  v = v128.load32_lane(row + <usize>b, v, 1);
  v = v128.load32_lane(row + <usize>c, v, 2);
  return v128.load32_lane(row + <usize>d, v, 3);
}

const BYTES: usize = 12;

/** The row of the result. */
function spread(p: Interpolation, to: usize, row: usize): usize {
  let at = p.widths;
  const end = at + <usize>p.w * BYTES;
  if (p.c == 1) {
    for (; at + 4 * BYTES <= end; at += 4 * BYTES, to += 16) {
      const a = four(row, load<i32>(at), load<i32>(at, 12), load<i32>(at, 24), load<i32>(at, 36));
      const b = four(row, load<i32>(at, 4), load<i32>(at, 16), load<i32>(at, 28), load<i32>(at, 40));
      v128.store(to, mix(a, b, four(at, 8, 20, 32, 44)));
    }
  }
  for (; at < end; at += BYTES) {
    const x = changetype<Between>(at);
    blendRows(to, row + <usize>x.first, row + <usize>x.second, p.c, x.share);
    to += <usize>p.c * 4;
  }
  return to;
}

export function interpolateLinear(to: usize, from: usize, p: Interpolation, images: i32): void {
  for (; images > 0; images--, from += p.image) {
    for (let z = p.depths, zEnd = z + <usize>p.d * BYTES; z < zEnd; z += BYTES) {
      for (let y = p.heights, yEnd = y + <usize>p.h * BYTES; y < yEnd; y += BYTES) {
        to = spread(p, to, rowAt(p, from, changetype<Between>(z), changetype<Between>(y)));
      }
    }
  }
}

/** to += factor * from. */
function addRow(to: usize, from: usize, count: i32, factor: f32): void {
  if (factor == 0) return;
  const f = f32x4.splat(factor);
  for (; count > 0; count -= 4, to += 16, from += 16) {
    put(to, f32x4.add(v128.load(to), f32x4.mul(f, v128.load(from))), count);
  }
}

/** The adjoint of a row of the result: the row that its pixels were blended of. */
function gatherBack(p: Interpolation, from: usize): usize {
  memory.fill(p.blend, 0, <usize>p.row * 4);
  for (let at = p.widths, end = at + <usize>p.w * BYTES; at < end; at += BYTES) {
    const x = changetype<Between>(at);
    addRow(p.blend + <usize>x.first, from, p.c, 1 - x.share);
    addRow(p.blend + <usize>x.second, from, p.c, x.share);
    from += <usize>p.c * 4;
  }
  return from;
}

/** The adjoint of `interpolateLinear`: adds to what stands at `to`. */
export function interpolateLinearGrad(to: usize, from: usize, p: Interpolation, images: i32): void {
  for (; images > 0; images--, to += p.image) {
    for (let z = p.depths, zEnd = z + <usize>p.d * BYTES; z < zEnd; z += BYTES) {
      for (let y = p.heights, yEnd = y + <usize>p.h * BYTES; y < yEnd; y += BYTES) {
        from = gatherBack(p, from);
        const b = changetype<Between>(z), a = changetype<Between>(y);
        const first = to + <usize>b.first, second = to + <usize>b.second;
        addRow(first + <usize>a.first, p.blend, p.row, (1 - b.share) * (1 - a.share));
        addRow(first + <usize>a.second, p.blend, p.row, (1 - b.share) * a.share);
        addRow(second + <usize>a.first, p.blend, p.row, b.share * (1 - a.share));
        addRow(second + <usize>a.second, p.blend, p.row, b.share * a.share);
      }
    }
  }
}
