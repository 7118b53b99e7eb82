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
}

@inline
function mix(a: v128, b: v128, share: v128): v128 { return f32x4.add(a, f32x4.mul(share, f32x4.sub(b, a))); }

/** to = a + share (b - a), exactly a without a share. */
@inline
function blendRow(to: usize, a: usize, b: usize, count: i32, share: f32): void {
  const s = f32x4.splat(share);
  for (; count >= 8; count -= 8, to += 32, a += 32, b += 32) {
    const x = mix(v128.load(a), v128.load(b), s), y = mix(v128.load(a, 16), v128.load(b, 16), s);
    v128.store(to, x);
    v128.store(to, y, 16);
  }
  for (; count > 0; count -= 4, to += 16, a += 16, b += 16) put(to, mix(v128.load(a), v128.load(b), s), count);
}

/** The same as a function, where it is called rarely. */
function blendRows(to: usize, a: usize, b: usize, count: i32, share: f32): void { blendRow(to, a, b, count, share); }

/** The row between rows y of planes z: one of the input, or in `blend`. */
@inline
function rowAt(p: Interpolation, from: usize, z: Between, y: Between, blend: usize): usize {
  const a = from + <usize>z.first + <usize>y.first;
  let row = a;
  if (y.share != 0) {
    row = blend;
    blendRows(row, a, from + <usize>z.first + <usize>y.second, p.row, y.share);
  }
  if (z.share != 0) {
    const b = from + <usize>z.second + <usize>y.first, behind = blend + <usize>p.row * 4 + 16;
    let other = b;
    if (y.share != 0) {
      other = behind;
      blendRows(other, b, from + <usize>z.second + <usize>y.second, p.row, y.share);
    }
    blendRows(blend, row, other, p.row, z.share);
    row = blend;
  }
  return row;
}

const BYTES: usize = 12;

/** Four pixels are read as pairs, whose places and shares are to stand together: firsts, seconds and shares of four. */
export function sortFours(at: usize, count: i32): void {
  for (; count >= 4; count -= 4, at += 4 * BYTES) {
    const a = v128.load(at), b = v128.load(at, 16), c = v128.load(at, 32);
    v128.store(at, v128.shuffle<i32>(v128.shuffle<i32>(a, b, 0, 3, 6, 0), c, 0, 1, 2, 5));
    v128.store(at, v128.shuffle<i32>(v128.shuffle<i32>(a, b, 1, 4, 7, 0), c, 0, 1, 2, 6), 16);
    v128.store(at, v128.shuffle<i32>(v128.shuffle<i32>(a, b, 2, 5, 0, 0), c, 0, 1, 4, 7), 32);
  }
}

/** The row of the result. */
function spread(p: Interpolation, to: usize, row: usize): void {
  let at = p.widths;
  const end = at + <usize>p.w * BYTES;
  if (p.c == 1) {
    for (; at + 4 * BYTES <= end; at += 4 * BYTES, to += 16) {
      // the last ones have a single neighbour
      if (load<i32>(at, 12) == load<i32>(at, 28)) {
        for (let i: usize = 0; i < 16; i += 4) {
          const a = load<f32>(row + <usize>load<i32>(at + i)), b = load<f32>(row + <usize>load<i32>(at + i, 16));
          store<f32>(to + i, a + load<f32>(at + i, 32) * (b - a));
        }
        continue;
      }
      let a = v128.load64_zero(row + <usize>load<i32>(at)), b = v128.load64_zero(row + <usize>load<i32>(at, 8));
      a = v128.load64_lane(row + <usize>load<i32>(at, 4), a, 1);
      b = v128.load64_lane(row + <usize>load<i32>(at, 12), b, 1);
      const first = v128.shuffle<i32>(a, b, 0, 2, 4, 6), second = v128.shuffle<i32>(a, b, 1, 3, 5, 7);
      v128.store(to, mix(first, second, v128.load(at, 32)));
    }
  }
  for (; at < end; at += BYTES) {
    const x = changetype<Between>(at);
    blendRow(to, row + <usize>x.first, row + <usize>x.second, p.c, x.share);
    to += <usize>p.c * 4;
  }
}

/**
 * Rows [begin, end) of the result, numbered image, plane, row. Of one channel, `widths` went through `sortFours`.
 * `blend`: scratch of two rows of the input, each with room for a vector more.
 */
export function interpolateLinear(
  to: usize, from: usize, p: Interpolation, begin: i32, end: i32, blend: usize,
): void {
  const bytes = <usize>(p.w * p.c) * 4;
  for (to += <usize>begin * bytes; begin < end; begin++, to += bytes) {
    const plane = begin / p.h, image = from + <usize>(plane / p.d) * p.image;
    const z = changetype<Between>(p.depths + <usize>(plane % p.d) * BYTES);
    spread(p, to, rowAt(p, image, z, changetype<Between>(p.heights + <usize>(begin % p.h) * BYTES), blend));
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
function gatherBack(p: Interpolation, from: usize, blend: usize): usize {
  memory.fill(blend, 0, <usize>p.row * 4);
  for (let at = p.widths, end = at + <usize>p.w * BYTES; at < end; at += BYTES) {
    const x = changetype<Between>(at);
    addRow(blend + <usize>x.first, from, p.c, 1 - x.share);
    addRow(blend + <usize>x.second, from, p.c, x.share);
    from += <usize>p.c * 4;
  }
  return from;
}

/** The adjoint of `interpolateLinear`: adds to what stands at `to`. `blend`: scratch of a row of the input. */
export function interpolateLinearGrad(to: usize, from: usize, p: Interpolation, images: i32, blend: usize): void {
  for (; images > 0; images--, to += p.image) {
    for (let z = p.depths, zEnd = z + <usize>p.d * BYTES; z < zEnd; z += BYTES) {
      for (let y = p.heights, yEnd = y + <usize>p.h * BYTES; y < yEnd; y += BYTES) {
        from = gatherBack(p, from, blend);
        const b = changetype<Between>(z), a = changetype<Between>(y);
        const first = to + <usize>b.first, second = to + <usize>b.second;
        addRow(first + <usize>a.first, blend, p.row, (1 - b.share) * (1 - a.share));
        addRow(first + <usize>a.second, blend, p.row, (1 - b.share) * a.share);
        addRow(second + <usize>a.first, blend, p.row, b.share * (1 - a.share));
        addRow(second + <usize>a.second, blend, p.row, b.share * a.share);
      }
    }
  }
}
