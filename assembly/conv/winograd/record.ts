// Records, in bytes unless a field says otherwise. The host writes a Winograd, its axes and its passes once,
// and kernels only read them. What moves while a layer runs stands in a State, in the scratch of that run.
import { Product, ProductRun, startProduct } from "../../gemm/product";

/** The tiles along h or w. */
@unmanaged
export class Axis {
  /** Points of the transform: 4, 6 or 8, and 1 along an axis that is not transformed. */
  points: i32;
  /** Taps of a run of the kernel. */
  taps: i32;
  /** Outputs of a tile: points + 1 - taps. */
  outputs: i32;
  /** Tiles of an image; dilated ones interleave. */
  tiles: i32;
  /** Of the tiles of one remainder, those with all of their outputs; the others, at the end, have one less. */
  whole: i32;
}

/** Products M = V U, or M += V U, over some of k. */
@unmanaged
export class Pass {
  /** Floats of a segment of k; byte offsets of the segments in V. */
  k: i32; segments: usize; segmentCount: i32;
  /** Where its part of k begins: in a segment of V, and in the taps of a panel. */
  v: usize; taps: usize;
  /** Points along h and w that count: a phase of a stride without the last tap has nothing at infinity. */
  pointsY: i32; pointsX: i32;
  /** 1: one tap alone of two along h, along w, so that U is the same at all points that count. */
  aloneY: i32; aloneX: i32;
  /** 1: M holds the sums of earlier passes. */
  adds: i32;
}

@unmanaged
export class Winograd {
  y: Axis; x: Axis;
  /** First pass, and one past the last. */
  passes: usize; passesEnd: usize;
  /** Runs of taps along the one axis that is transformed; where both are, phases of the stride, numbered row by row. */
  runs: i32;
  /** Planes of depth that are transformed. */
  planes: i32;
  /** Most tiles in a block. */
  blockTiles: i32;
  /** V[point][plane][tile][run][ic], of phases V[point][phase][plane][tile][ic]: from one to the next. */
  vPoint: usize; vTile: usize; vRun: usize;
  /** M[point][plane][tile][some panels of a group]. */
  mPoint: usize; mTile: usize; mPanels: i32;
  /** 0: U was made before; else it is made of taps, 1: in the first block of tiles, all of it, 2: in every block. */
  makesU: i32;
  /** U[point][panel][k][8], of some panels where every block makes it. */
  uPoint: usize; uPanel: usize; uPanels: i32;
  /** Kept weights, U or taps: from group to group, and from panel to panel. */
  weightGroup: usize; weightPanel: usize;
  /** 1: what a block of tiles reads of x, and writes of y, is touched beforehand. */
  touchesX: i32; touchesY: i32;
  /** Places in the scratch of a run; the first KB is for the transforms and for the State. */
  vAt: usize; mAt: usize; patchAt: usize; tableAt: usize; uAt: usize;
}

/** What moves in a run. */
@unmanaged
export class State {
  /** Of the run; the transforms use what is before this record. */
  scratch: usize;
  /** Tiles of the block; `first` is 1 for the first block of a run that makes U. */
  begin: i32; count: i32; first: i32;
  /** Rows of the table: tiles short along w alone stand before fromX, along h from endY on, along both from endX on. */
  rows: i32; fromX: i32; endY: i32; endX: i32;
  /** Where U is made, or was. */
  u: usize;
  /** Of the group: its channels of V, its weights and its bias. */
  v: usize; weights: usize; bias: usize;
  /** A copy, whose fields move. */
  product: ProductRun;
}

/** Bytes of scratch of the transforms, of the State behind them, and of its product. */
export const TRANSFORM_BYTES: i32 = 1024;

/** Opens a run: its product stands behind the State. */
export function openState(product: Product, scratch: usize): State {
  const s = changetype<State>(scratch + 640);
  s.scratch = scratch;
  s.product = startProduct(product, 0, 0, 0, scratch + 768);
  return s;
}
