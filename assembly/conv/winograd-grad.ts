// Weight gradient of a dense 3 x 3 kernel of stride 1 by Winograd's F(3 x 3, 4 x 4): for tiles of 4 x 4 pixels of dy
// and the 6 x 6 of x they meet,
//
//
// with 36 products instead of 144 a tile, for every pair of channels. Points 0, 1, -1, 2, -2, infinity. B^T is that
// of the forward F(4, 3); G is the bare Vandermonde matrix [1 p p² p³] and its scales 1/4, -1/6, 1/24 wait for A,
// which is applied once. After Winograd, Arithmetic Complexity of Computations, 1980, and Lavin and Gray, Fast
// Algorithms for Convolutional Neural Networks, 2016. Each product is a sum of outer products of tiles.
import { outerProduct } from "../gemm/outer";
import { OUTER_SCRATCH, Outer, RUN_BYTES } from "../gemm/outer-tile";
import { PANEL_STEP } from "../gemm/product";
import { madd, storeLanes } from "../simd/vector";
import { Geometry, sourceOf } from "./geometry";
import { winogradInput6 } from "./winograd/input";
import { gather } from "./winograd/patch";

/** Points of the transforms, 6 by 6: that many matrices. */
@inline export const GRAD_POINTS: i32 = 36;

/** Bytes of scratch of winogradGradX, but for a patch of GRAD_POINTS pixels behind them, and of the other three. */
@inline export const GRAD_X_SCRATCH: i32 = 640;
@inline export const GRAD_SCRATCH: i32 = 832;

@unmanaged
export class WinogradGrad {
  /** Bytes from one of the matrices to the next: of the transforms of x, of y, and of the sums of their products. */
  vMatrix: usize; uMatrix: usize; sumMatrix: usize;
  /** Most rows of a register tile. */
  mr: i32;
}

/** G d: four vectors to six. */
@inline
function transformY(s: usize, from: usize, d: usize, to: usize): void {
  const d0 = v128.load(s), d1 = v128.load(s + from), d2 = v128.load(s + 2 * from), d3 = v128.load(s + 3 * from);
  const a = f32x4.add(d0, d2), b = f32x4.add(d1, d3), four = f32x4.splat(4);
  const c = madd(four, d2, d0), h = madd(four, d3, d1), e = f32x4.add(h, h);
  v128.store(d, d0);
  v128.store(d + to, f32x4.add(a, b));
  v128.store(d + 2 * to, f32x4.sub(a, b));
  v128.store(d + 3 * to, f32x4.add(c, e));
  v128.store(d + 4 * to, f32x4.sub(c, e));
  v128.store(d + 5 * to, d3);
}

/** A^T m with the scales of G: six vectors to three. */
@inline
function transformWeight(s: usize, from: usize, d: usize, to: usize): void {
  const t0 = v128.load(s), t1 = v128.load(s + from), t2 = v128.load(s + 2 * from), t3 = v128.load(s + 3 * from);
  const t4 = v128.load(s + 4 * from), t5 = v128.load(s + 5 * from), sixth = f32x4.splat(-1.0 / 6.0);
  const a = f32x4.mul(sixth, f32x4.add(t1, t2)), b = f32x4.mul(sixth, f32x4.sub(t1, t2));
  const c = f32x4.mul(f32x4.splat(1.0 / 24.0), f32x4.add(t3, t4));
  const e = f32x4.mul(f32x4.splat(1.0 / 12.0), f32x4.sub(t3, t4));
  v128.store(d, madd(f32x4.splat(0.25), t0, f32x4.add(a, c)));
  v128.store(d + to, f32x4.add(b, e));
  v128.store(d + 2 * to, madd(f32x4.splat(4), c, f32x4.add(a, t5)));
}

/**
 * Tiles [begin, end) of `image` (channels last, not padded), numbered n, z, y, x, for depth tap `kz`: to v, matrices
 * [tiles][channels rounded up to 4]. `scratch`: GRAD_X_SCRATCH bytes and a patch.
 */
export function winogradGradX(
  w: WinogradGrad, g: Geometry, image: usize, kz: i32, begin: i32, end: i32, v: usize, scratch: usize,
): void {
  const pixel = <usize>g.ic * 4, row = <usize>g.iw * pixel, plane = <usize>g.ih * row, bytes = (pixel + 15) & ~15;
  const tx = (g.ow + 3) / 4, ty = (g.oh + 3) / 4, patch = scratch + GRAD_X_SCRATCH, matrix = w.vMatrix;
  for (let t = begin; t < end; t++) {
    const x = t % tx * 4 - g.pw, y = t / tx % ty * 4 - g.ph, zn = t / tx / ty;
    const z = sourceOf(zn % g.od * g.sd + kz * g.dd - g.pd, g.id, g.paddingMode);
    const first: usize = z < 0 ? 0 : image + <usize>(zn / g.od * g.id + z) * plane;
    if (z < 0 || y < 0 || x < 0 || y + 6 > g.ih || x + 6 > g.iw) {
      gather(g, first, y, x, 6, 6, patch);
      winogradInput6(patch, pixel, 6 * pixel, v, matrix, bytes, scratch);
    } else winogradInput6(first + <usize>y * row + <usize>x * pixel, pixel, row, v, matrix, bytes, scratch);
    v += bytes;
  }
}

/** `rows` by `cols` vectors of a tile of 4 x 4, the rest zeros. */
function clip(to: usize, from: usize, row: usize, pixel: usize, rows: i32, cols: i32): void {
  for (let y = 0; y < 4; y++) {
    for (let x = 0; x < 4; x++) {
      v128.store(to, y < rows && x < cols ? v128.load(from + <usize>y * row + <usize>x * pixel) : f32x4.splat(0));
      to += 16;
    }
  }
}

/**
 * The same tiles of `y` (channels last): to u, matrices [channels / 8, rounded up][tiles][8]. `scratch`: GRAD_SCRATCH.
 */
export function winogradGradY(
  w: WinogradGrad, g: Geometry, y: usize, begin: i32, end: i32, u: usize, scratch: usize,
): void {
  const pixel = <usize>g.oc * 4, row = <usize>g.ow * pixel, matrix = w.uMatrix;
  const panel = <usize>(end - begin) * PANEL_STEP;
  const tx = (g.ow + 3) / 4, ty = (g.oh + 3) / 4, patch = scratch + GRAD_POINTS * 16;
  for (let t = begin; t < end; t++) {
    const ox = t % tx * 4, oy = t / tx % ty * 4, plane = t / tx / ty;
    const rows = min(4, g.oh - oy), cols = min(4, g.ow - ox);
    let from = y + <usize>(plane * g.oh + oy) * row + <usize>ox * pixel;
    for (let c = 0; c < g.oc; c += 4) {
      let s = from, step = row, next = pixel;
      if (rows < 4 || cols < 4) {
        clip(patch, from, row, pixel, rows, cols);
        s = patch; step = 64; next = 16;
      }
      for (let i: usize = 0; i < 4; i++) transformY(s + i * step, next, scratch + i * 96, 16);
      const to = u + <usize>(c / 8) * panel + <usize>(c & 4) * 4;
      for (let j: usize = 0; j < 6; j++) transformY(scratch + j * 16, 96, to + j * matrix, 6 * matrix);
      from += 16;
    }
    u += PANEL_STEP;
  }
}

/**
 * Adds the products of `tiles` tiles to `sums` (or `overwrites` them), matrices [ic / groups][oc]. `scratch`:
 * GRAD_SCRATCH bytes.
 */
export function winogradGradProducts(
  w: WinogradGrad, g: Geometry, tiles: i32, v: usize, u: usize, sums: usize, overwrites: i32, scratch: usize,
): void {
  const icg = g.ic / g.groups, ocg = g.oc / g.groups, o = changetype<Outer>(scratch), run = scratch + OUTER_SCRATCH;
  store<u32>(run, 0);
  store<u32>(run, 0, 4);
  store<u32>(run, tiles * PANEL_STEP, 8);
  o.runs = run;
  o.runsEnd = run + RUN_BYTES;
  o.aStep = <usize>((g.ic + 3) & ~3) * 4;
  o.bStep = PANEL_STEP;
  o.bPanel = <usize>tiles * PANEL_STEP;
  o.ldc = <usize>g.oc * 4;
  o.strip = 0;
  o.overwrites = overwrites;
  o.mr = w.mr;
  for (let i = 0; i < GRAD_POINTS; i++) {
    for (let group = 0; group < g.groups; group++) {
      o.a = v + <usize>(group * icg) * 4;
      o.b = u + <usize>(group * ocg / 8) * o.bPanel;
      o.c = sums + <usize>(group * ocg) * 4;
      outerProduct(o, icg, ocg);
    }
    v += w.vMatrix;
    u += w.uMatrix;
    sums += w.sumMatrix;
  }
}

/**
 * The nine taps of `count` weights to `to`, [9][count]; added to what is there with `keep`. `scratch`: GRAD_SCRATCH.
 */
export function winogradGradWeights(
  w: WinogradGrad, sums: usize, count: i32, to: usize, keep: i32, scratch: usize,
): void {
  const tap = <usize>count * 4, taps = scratch + 288, matrix = w.sumMatrix;
  for (let i = 0; i < count; i += 4) {
    const here = min(4, count - i);
    for (let j: usize = 0; j < 6; j++) transformWeight(sums + j * matrix, 6 * matrix, scratch + j * 16, 96);
    for (let y: usize = 0; y < 3; y++) transformWeight(scratch + y * 96, 16, taps + y * 48, 16);
    for (let k: usize = 0; k < 9; k++) {
      const at = to + k * tap;
      let sum = v128.load(taps + k * 16);
      if (keep) sum = f32x4.add(sum, v128.load(at));
      if (here == 4) v128.store(at, sum);
      else storeLanes(at, sum, sum, here);
    }
    sums += 16;
    to += 16;
  }
}
