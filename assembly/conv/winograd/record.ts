// The Winograd record: tiles, and where their transforms lie. Bytes throughout, unless a field says otherwise.

@unmanaged
export class Winograd {
  /** Points of the transform along h and w: 4, 6 or 8, and 1 along an axis that is not transformed. */
  pointsH: i32; pointsW: i32;
  /** Taps of a run of the kernel along h and w. */
  tapsH: i32; tapsW: i32;
  /** Outputs of a tile along h and w: points + 1 - taps. */
  tileH: i32; tileW: i32;
  /** Tiles of an image along h and w; dilated ones interleave. */
  tilesY: i32; tilesX: i32;
  /** Tiles along h and w, of those of one remainder, that have all of their outputs; the others, at the end, have one less, so that infinity counts for nothing there. */
  wholeY: i32; wholeX: i32;
  /** Runs of taps along the one axis that is transformed; where both are, phases of the stride, numbered row by row. */
  runs: i32;
  /** Planes of depth that are transformed. */
  planes: i32;
  /** Most tiles in a block. */
  blockTiles: i32;
  /** V[point][plane][tile][run][ic], of phases V[point][phase][plane][tile][ic]: from point to point, tile to tile, run to run. */
  vPoint: usize; vTile: usize; vRun: usize;
  /** M[point][plane][tile][some panels of a group]. */
  mPoint: usize; mTile: usize; mPanels: i32;
  /** U[point][group][panel], or a row of points of some panels of one group that are transformed in a run: uPoint alone counts then. */
  uPoint: usize; uGroup: usize;
  /** Panels that are multiplied at once, and floats of k that are transformed at once; 0: U was made beforehand. */
  uPanels: i32; uDepth: i32;
  /** 1: all of U is held from one block of tiles to the next. */
  uHeld: i32;
  /** 1: what a block of tiles reads of x, and writes of y, is touched beforehand. */
  touchesX: i32; touchesY: i32;
  /** Rows of a block's table: those of tiles short along w alone come first, then whole ones, then tiles short along h alone, then both. */
  fromX: i32; endY: i32; endX: i32;
  /** Places in the scratch of a run; the first KB is the transforms' own. */
  vAt: usize; mAt: usize; patchAt: usize; tableAt: usize; uAt: usize;
}
