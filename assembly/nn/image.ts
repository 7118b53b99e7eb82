// Pixels of four bytes (red, green, blue, alpha) to floats and back: (level / 255 - mean) / deviation, and
// (x deviation + mean) 255 to the nearest level. Each step is rounded to f32. Luminance is that of ITU-R BT.601 in
// thousandths, 299 r + 587 g + 114 b, which f32 holds exactly.
import { put } from "./lanes";

/**
 * The means of the four lanes of a vector, and behind them the deviations; one for each vector of four pixels, at most
 * four, and behind these room for four pixels as floats.
 */
const SCALE: usize = 32;
const SPARE: usize = 4 * SCALE;

/** Pixels that stay in the cache while one channel after the other is taken from them. */
const BLOCK: i32 = 4096;

@inline
function normal(levels: v128, full: f32, scale: usize): v128 {
  const share = f32x4.div(f32x4.convert_i32x4_s(levels), f32x4.splat(full));
  return f32x4.div(f32x4.sub(share, v128.load(scale)), v128.load(scale, 16));
}

/** The nearest integers, of two neighbours the even one; narrowing clamps them. NaN is 0. */
@inline
function levels(from: usize, scale: usize): v128 {
  const share = f32x4.add(f32x4.mul(v128.load(from), v128.load(scale, 16)), v128.load(scale));
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(share, f32x4.splat(255))));
}

@inline
function bytes(a: v128, b: v128, c: v128, d: v128): v128 {
  return i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d));
}

/** One of the bytes of each pixel. */
function plane(to: usize, from: usize, pixels: i32, shift: i32, scale: usize): void {
  for (; pixels > 0; pixels -= 4, to += 16, from += 16) {
    const level = v128.and(i32x4.shr_u(v128.load(from), shift), i32x4.splat(255));
    put(to, normal(level, 255, scale), pixels);
  }
}

/** The luminance of each pixel. */
function greyPlane(to: usize, from: usize, pixels: i32, scale: usize): void {
  const mask = i32x4.splat(0xff00ff);
  for (; pixels > 0; pixels -= 4, to += 16, from += 16) {
    const rgba = v128.load(from);
    const redBlue = i32x4.dot_i16x8_s(v128.and(rgba, mask), i32x4.splat(114 << 16 | 299));
    const green = i32x4.dot_i16x8_s(v128.and(i32x4.shr_u(rgba, 8), mask), i32x4.splat(587));
    put(to, normal(i32x4.add(redBlue, green), 255000, scale), pixels);
  }
}

/** One plane after the other, without gaps; a single one is the luminance. */
export function pixelsToPlanes(to: usize, from: usize, pixels: i32, channels: i32, scales: usize): void {
  for (let first = 0; first < pixels; first += BLOCK) {
    const count = min(BLOCK, pixels - first), at = from + <usize>first * 4;
    if (channels == 1) greyPlane(to + <usize>first * 4, at, count, scales);
    else for (let c = 0; c < channels; c++) {
      plane(to + (<usize>c * <usize>pixels + <usize>first) * 4, at, count, 8 * c, scales + <usize>c * SCALE);
    }
  }
}

/** Three or four floats a pixel. */
export function pixelsToFloats(to: usize, from: usize, pixels: i32, channels: i32, scales: usize): void {
  const step = <usize>channels * 16;
  for (; pixels > 0; pixels -= 4, to += step, from += 16) {
    const at = select(to, scales + SPARE, pixels >= 4);
    let rgba = v128.load(from);
    if (channels == 3) rgba = v128.swizzle(rgba, i8x16(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1));
    const low = i16x8.extend_low_i8x16_u(rgba), high = i16x8.extend_high_i8x16_u(rgba);
    v128.store(at, normal(i32x4.extend_low_i16x8_u(low), 255, scales));
    v128.store(at, normal(i32x4.extend_high_i16x8_u(low), 255, scales + SCALE), 16);
    v128.store(at, normal(i32x4.extend_low_i16x8_u(high), 255, scales + 2 * SCALE), 32);
    if (channels == 4) v128.store(at, normal(i32x4.extend_high_i16x8_u(high), 255, scales + 3 * SCALE), 48);
  }
  if (pixels) memory.copy(to - step, scales + SPARE, <usize>(pixels + 4) * <usize>channels * 4);
}

/** `to` has room for whole vectors. */
export function planesToPixels(to: usize, from: usize, pixels: i32, channels: i32, scales: usize): void {
  const next = <usize>pixels * 4;
  for (; pixels > 0; pixels -= 4, to += 16, from += 16) {
    const red = levels(from, scales);
    let green = red, blue = red, alpha = i32x4.splat(255);
    if (channels > 1) {
      green = levels(from + next, scales + SCALE);
      blue = levels(from + 2 * next, scales + 2 * SCALE);
    }
    if (channels == 4) alpha = levels(from + 3 * next, scales + 3 * SCALE);
    const planes = bytes(red, green, blue, alpha);
    v128.store(to, v128.swizzle(planes, i8x16(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15)));
  }
}

/** Three or four floats a pixel; `to` has room for whole vectors. */
export function floatsToPixels(to: usize, from: usize, pixels: i32, channels: i32, scales: usize): void {
  const step = <usize>channels * 16;
  for (; pixels > 0; pixels -= 4, to += 16, from += step) {
    if (pixels < 4) {
      memory.copy(scales + SPARE, from, <usize>pixels * <usize>channels * 4);
      from = scales + SPARE;
    }
    const low = levels(from, scales), middle = levels(from + 16, scales + SCALE);
    const high = levels(from + 32, scales + 2 * SCALE);
    if (channels == 4) v128.store(to, bytes(low, middle, high, levels(from + 48, scales + 3 * SCALE)));
    else {
      const rgb = bytes(low, middle, high, high);
      v128.store(to, v128.shuffle<i8>(rgb, i8x16.splat(-1), 0, 1, 2, 16, 3, 4, 5, 16, 6, 7, 8, 16, 9, 10, 11, 16));
    }
  }
}
