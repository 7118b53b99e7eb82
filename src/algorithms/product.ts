import type { Clamp } from '../further.js';
import type { Address } from '../wasm/arena.js';
import { layOut, placed } from '../wasm/block.js';
import { GEMM_SCRATCH, NR, STREAMED } from '../wasm/boundary.js';
import type { Job, Step } from '../wasm/crew.js';
import type { Host } from '../wasm/host.js';
import { fill } from '../wasm/records.js';
import { panelBytes, type Tile, tileParts, wholePanels, writeTile } from './tile-record.js';

/** y = clamp(alpha op(a) op(b) + beta c + bias), all row-major. */
export interface Product {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly alpha: number;
  readonly beta: number;
  readonly clamp: Clamp;
}

/** Operands of a product; `c` and `bias` may be 0. Address by address, y may be c. */
export type Multiplied = readonly [a: Address, b: Address, c: Address, bias: Address, y: Address];

/**
 * How b is read: packed into panels of eight columns; or in place, [k, n] four rows or 16 columns at a time, [n, k] as
 * dot products of rows. Packing costs what some ten rows gain by it.
 */
type Reading = 'panels' | 'columns' | 'dots';

/**
 * Most rows for which b is read in place. [k, n]: 1 row takes a third (1000 x 2048) to two thirds (84 x 120) of the
 * time with panels, 8 rows half to nine tenths, 12 rows the same or more. [n, k]: 1 row a third to a half, 16 rows nine
 * tenths, 24 rows the same or more; every sum ends with the addition of its lanes, so short ones allow fewer: a row,
 * and one more for each 16 of k (32: 3 rows, 64: 5, 144: 10 take as long as with panels).
 */
const FEW = { columns: 8, dots: 16 } as const;

/** How the second operand of a product is best read. */
export function readingOf({ m, k, transposeB }: Pick<Product, 'm' | 'k' | 'transposeB'>): Reading {
  const most = transposeB ? Math.min(FEW.dots, 1 + k / 16) : FEW.columns;
  if (k === 0 || m > most) return 'panels';
  return transposeB ? 'dots' : 'columns';
}

/**
 * Rows of a unit, which are whole register tiles, and columns, whole panels; and rows or columns of a task at least: it
 * reads all of the other operand.
 */
export const ROWS = 12;
const COLUMNS = 24;
const LEAST = 96;

/** Units of rows, or columns, as threads share them. */
export const unitsOf = (count: number, unit: number): Pick<Step<never>, 'units' | 'least'> => ({
  units: Math.ceil(count / unit),
  least: LEAST / unit,
});

/** Without any k, one step over zeros stands in for it. */
const depthOf = ({ k }: Product) => Math.max(1, k);

/** Bytes of the panels of b. */
export const packedBytes = (p: Product): number => panelBytes(p.n, depthOf(p));

/** Packs columns [begin, end) of op(b), whole panels, into all of its `panels`, for any number of products. */
export function packB(host: Host, p: Product, b: Address, panels: Address, begin = 0, end = p.n): void {
  const to = panels + begin * depthOf(p) * 4;
  if (p.k === 0) fill(host, to, wholePanels(end - begin), 0);
  else {
    const [kStep, nStep] = p.transposeB ? [4, p.k * 4] : [p.n * 4, 4];
    host.exports.packPanels(to, p.k * NR * 4, b + begin * nStep, p.k, end - begin, kStep, nStep, p.alpha);
  }
}

/** Scratch of one who runs rows. */
const parts = layOut({ ...tileParts, kernel: GEMM_SCRATCH });

/**
 * Most of k that the kernels sum in one run, block after block. More is summed run by run, so that no chain of
 * additions is long.
 */
export const SUMMED = 8192;

/** The same where up to three rows over a matrix in place have chains of a quarter of it. */
const mostK = ({ m }: Product, reading: Reading): number => (reading === 'columns' && m <= STREAMED ? 2048 : SUMMED);

/**
 * The product itself, from rows of op(a) and from what `reading` says of b. `sumsAt`: place for the sums of a long k in
 * the shared scratch.
 */
function multiply(host: Host, p: Product, reading: Reading, sumsAt: number): Step<Multiplied> {
  const { exports } = host;
  const { m, n, k, beta, clamp } = p;
  const depth = depthOf(p);
  const [across, unit] = reading === 'dots' ? [n, COLUMNS] : [m, ROWS];
  const most = mostK(p, reading);
  const first = reading === 'dots' ? depth : Math.min(depth, most);
  const [kStep, panelStep] = { panels: [0, depth * NR * 4], columns: [n * 4, NR * 4], dots: [k * 4, 0] }[reading];
  return {
    ...unitsOf(m * n === 0 ? 0 : across, unit),
    run([a, b, c, bias, y], from, to, own, shared) {
      const at = placed(parts.offsets, own);
      const [begin, end] = [from * unit, Math.min(across, to * unit)];
      /** y = A B + fields for `count` of k from `start` on. */
      const part = (start: number, count: number, addend: Address, fields: Pick<Tile, 'bias' | 'clamp'>) => {
        writeTile(host, at, { k: count, n, panels: b + start * (kStep || NR * 4), kStep, panelStep, ...fields });
        const operands = [at.product, a + start * 4, y, addend, depth * 4, n * 4] as const;
        if (reading === 'dots') exports.gemmDots(...operands, m, begin, end, at.kernel);
        else exports.gemmRows(...operands, begin, end, at.kernel);
      };
      /** The rows, or with dot products every row's columns, as runs of floats. */
      const runs = reading === 'dots' ? m : 1;
      const [offset, count] = reading === 'dots' ? [begin * 4, end - begin] : [begin * n * 4, (end - begin) * n];
      let addend = beta === 0 ? 0 : c;
      for (let i = 0; addend && beta !== 1 && i < runs; i++) {
        exports.scale(y + offset + i * n * 4, c + offset + i * n * 4, count, beta);
      }
      if (addend && beta !== 1) addend = y;
      if (first < depth) {
        // what comes after the first run is summed beside y, which holds one run at a time
        const sums = shared + sumsAt;
        if (addend) exports.scale(sums + offset, addend + offset, count, 1);
        else fill(host, sums + offset, count, 0);
        for (let start = first; start < k; start += most) {
          part(start, Math.min(most, k - start), 0, {});
          exports.addScaled(sums + offset, y + offset, count, 1);
        }
        addend = sums;
      }
      part(0, first, addend, { bias, clamp });
    },
  };
}

/** Rows of op(a) in `to`, where they have to be turned, or scaled because b is not. */
function rowsOfA(host: Host, p: Product, scaled: boolean, to: (shared: Address) => Address): Step<Multiplied> {
  const { exports } = host;
  const rowBytes = depthOf(p) * 4;
  return {
    ...unitsOf(p.m, ROWS),
    run([a], from, end, _own, shared) {
      const begin = from * ROWS;
      const count = Math.min(p.m, end * ROWS) - begin;
      const rows = to(shared) + begin * rowBytes;
      if (p.k === 0) fill(host, rows, count, 0);
      else if (p.transposeA) exports.transpose(rows, rowBytes, a + begin * 4, p.m * 4, p.k, count);
      if (scaled) exports.scale(rows, p.transposeA ? rows : a + begin * rowBytes, count * p.k, p.alpha);
    },
  };
}

const nothing = () => {};

/** The steps of a product; `packed`: b is given as panels already. */
export function productSteps(host: Host, p: Product, packed: boolean): Job<Multiplied> {
  const reading = packed ? 'panels' : readingOf(p);
  const packs = reading === 'panels' && !packed;
  const scaled = reading !== 'panels' && p.alpha !== 1 && p.k > 0;
  const ownRows = scaled || p.transposeA || p.k === 0;
  const { offsets, bytes } = layOut({
    panels: packs ? packedBytes(p) : 0,
    rows: ownRows ? p.m * depthOf(p) * 4 : 0,
    sums: reading !== 'dots' && p.k > mostK(p, reading) ? p.m * p.n * 4 : 0,
  });
  const { run, ...units } = multiply(host, p, reading, offsets.sums);
  const pack: Step<Multiplied> = {
    ...unitsOf(p.n, COLUMNS),
    run: ([, b], begin, end, _own, shared) => packB(host, p, b, shared, begin * COLUMNS, Math.min(p.n, end * COLUMNS)),
  };
  const compute: Step<Multiplied> = {
    ...units,
    run([a, b, ...others], begin, end, own, shared) {
      run([ownRows ? shared + offsets.rows : a, packs ? shared : b, ...others], begin, end, own, shared);
    },
  };
  return {
    ownBytes: parts.bytes,
    sharedBytes: bytes,
    steps: [
      ...(packs ? [pack] : []),
      ...(ownRows ? [rowsOfA(host, p, scaled, (shared) => shared + offsets.rows)] : []),
      compute,
    ],
    dispose: nothing,
  };
}

/** A product over panels that `packB` made, in the place of b. */
export const packedProduct = (host: Host, p: Product): Job<Multiplied> => productSteps(host, p, true);
