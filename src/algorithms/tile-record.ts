import type { Clamp } from '../further.js';
import type { Address } from '../wasm/arena.js';
import { NR, PRODUCT, PRODUCT_BYTES } from '../wasm/boundary.js';
import type { Host } from '../wasm/host.js';
import { fill, writeRecord } from '../wasm/records.js';

/** `count` columns in whole panels. */
export const wholePanels = (count: number): number => Math.ceil(count / NR) * NR;

/** Bytes of panels [ceil(n / 8)][k][8]. */
export const panelBytes = (n: number, k: number): number => wholePanels(n) * k * 4;

/**
 * Place for what leads the register tile through a product: its record, and zeros, which stand in for a bias and for
 * the table of a single segment.
 */
export const tileParts = { product: PRODUCT_BYTES, zeros: NR * 4 };

/** Place for a bias of `n` columns; a group's last panel reads eight of them. */
export const biasBytes = (n: number, bias: unknown): number => (bias ? (n + NR) * 4 : 0);

/**
 * A product C[rows][n] = clamp(bias + addend + A B); see `Product` in assembly/gemm/product.ts for what is left out.
 */
export interface Tile {
  /** Floats in a segment of a row of A. */
  readonly k: number;
  /** Columns of C; those of a group. */
  readonly n: number;
  /** Segments of a row of A, and the table of their offsets; default one at offset 0. */
  readonly segmentCount?: number;
  readonly segments?: Address;
  readonly panels?: Address;
  readonly kStep?: number;
  readonly panelStep?: number;
  readonly bias?: Address;
  /** Default unbounded. */
  readonly clamp?: Clamp;
}

/**
 * Writes the record of a product into `tileParts`. (Field by field: a spread takes several microseconds in Node 20.)
 */
export function writeTile(host: Host, at: Readonly<Record<keyof typeof tileParts, Address>>, tile: Tile): void {
  const { product, zeros } = at;
  const { k, n, segmentCount = 1, segments = zeros, panels, kStep, panelStep, bias } = tile;
  const [lo, hi] = tile.clamp ?? [-Infinity, Infinity];
  fill(host, zeros, NR, 0);
  const values = {
    k,
    n,
    segmentCount,
    segments,
    panels,
    kStep,
    panelStep,
    bias: bias || zeros,
    zeros,
    mr: host.mr,
    lo,
    hi,
  };
  writeRecord(host, PRODUCT, product, values);
}

/** Writes a bias where `biasBytes` made place for it, and returns its address; 0 for none. */
export function writeBias({ arena }: Host, at: Address, bias: Float32Array | undefined, n: number): Address {
  if (!bias) return 0;
  const to = arena.f32(at, n + NR);
  to.fill(0);
  to.set(bias);
  return at;
}
