// im2col and its adjoint col2im on channels-first planes: a column matrix has one row per plane and tap, and one float
// per window in it.
//
//   rows[plane][tap][z][y][x] = source[plane][z sd + kz dd - pd][y sh + ky dh - ph][x sw + kx dw - pw]
//
// A row of windows meets a row of the plane at constant distance, so the work is copies (stride 1), picks of every
// other float (stride 2) or single floats. Taps are tapStep bytes apart and planes planeStep, so that the rows can have
// any order.
import { addRun, storeLanes } from "../simd/vector";
import { Geometry, sourceOf } from "./geometry";

/** to[i] = from[i * stride] */
@inline
function take(to: usize, from: usize, count: i32, stride: i32): void {
  if (stride == 1) {
    // memory.copy is slower below some 200 floats (1.4 times at 7 to 14) and no faster above
    for (; count >= 4; count -= 4, to += 16, from += 16) v128.store(to, v128.load(from));
    if (count) storeLanes(to, v128.load(from), v128.load(from), count);
  } else if (stride == 2) {
    for (; count >= 4; count -= 4, to += 16, from += 32) {
      v128.store(to, v128.shuffle<f32>(v128.load(from), v128.load(from, 16), 0, 2, 4, 6));
    }
    if (count) {
      const x = v128.shuffle<f32>(v128.load(from), v128.load(from, 16), 0, 2, 4, 6);
      storeLanes(to, x, x, count);
    }
  } else {
    for (; count > 0; count--, to += 4, from += <usize>stride * 4) store<f32>(to, load<f32>(from));
  }
}

/** to[i * stride] += from[i] */
@inline
function give(to: usize, from: usize, count: i32, stride: i32): void {
  if (stride == 1) {
    addRun(to, from, count);
    return;
  }
  if (stride == 2) {
    const zero = f32x4.splat(0);
    // a fifth float behind the four keeps the second store inside the plane
    for (; count > 4; count -= 4, to += 32, from += 16) {
      const x = v128.load(from);
      v128.store(to, f32x4.add(v128.load(to), v128.shuffle<f32>(x, zero, 0, 4, 1, 5)));
      v128.store(to, f32x4.add(v128.load(to, 16), v128.shuffle<f32>(x, zero, 2, 4, 3, 5)), 16);
    }
  }
  for (; count > 0; count--, to += <usize>stride * 4, from += 4) store<f32>(to, load<f32>(to) + load<f32>(from));
}

/** One float at the edge, which belongs to cell `source` of the plane's row, or to none. */
@inline
function edge(adjoint: bool, row: usize, source: i32, at: usize): void {
  const cell = row + <usize>source * 4;
  if (!adjoint) store<f32>(at, source < 0 ? 0 : load<f32>(cell));
  else if (source >= 0) store<f32>(cell, load<f32>(cell) + load<f32>(at));
}

/** Planes [begin, end), into their rows or, `adjoint`, from them. */
function pass(
  adjoint: bool, g: Geometry, planes: usize, rows: usize, planeStep: usize, tapStep: usize, begin: i32, end: i32,
): void {
  const plane = <usize>(g.id * g.ih * g.iw) * 4, width = <usize>g.ow * 4, mode = g.paddingMode;
  for (let p = begin; p < end; p++) {
    const first = planes + <usize>p * plane;
    let tap = rows + <usize>p * planeStep;
    for (let kz = 0; kz < g.kd; kz++) {
      for (let ky = 0; ky < g.kh; ky++) {
        for (let kx = 0; kx < g.kw; kx++, tap += tapStep) {
          // windows [from, to) of a row meet it: 0 <= x0 + x sw < iw
          const x0 = kx * g.dw - g.pw, from = min(g.ow, x0 < 0 ? (g.sw - 1 - x0) / g.sw : 0);
          const to = max(from, x0 < g.iw ? min(g.ow, (g.iw - 1 - x0) / g.sw + 1) : 0);
          let at = tap;
          for (let z = 0; z < g.od; z++) {
            const iz = sourceOf(z * g.sd + kz * g.dd - g.pd, g.id, mode);
            for (let y = 0; y < g.oh; y++, at += width) {
              const iy = sourceOf(y * g.sh + ky * g.dh - g.ph, g.ih, mode);
              if (iz < 0 || iy < 0) {
                if (!adjoint) memory.fill(at, 0, width);
                continue;
              }
              const row = first + <usize>((iz * g.ih + iy) * g.iw) * 4, cell = row + <usize>(x0 + from * g.sw) * 4;
              for (let x = 0; x < from; x++) {
                edge(adjoint, row, sourceOf(x0 + x * g.sw, g.iw, mode), at + <usize>x * 4);
              }
              if (adjoint) give(cell, at + <usize>from * 4, to - from, g.sw);
              else take(at + <usize>from * 4, cell, to - from, g.sw);
              for (let x = to; x < g.ow; x++) {
                edge(adjoint, row, sourceOf(x0 + x * g.sw, g.iw, mode), at + <usize>x * 4);
              }
            }
          }
        }
      }
    }
  }
}

/** Planes [begin, end) of `x`, numbered over images and channels, into their rows. */
export function im2colNchw(
  g: Geometry, x: usize, rows: usize, planeStep: usize, tapStep: usize, begin: i32, end: i32,
): void {
  pass(false, g, x, rows, planeStep, tapStep, begin, end);
}

/** Adds the rows of planes [begin, end) to the planes at `x`. */
export function col2imNchw(
  g: Geometry, rows: usize, planeStep: usize, tapStep: usize, x: usize, begin: i32, end: i32,
): void {
  pass(true, g, x, rows, planeStep, tapStep, begin, end);
}
