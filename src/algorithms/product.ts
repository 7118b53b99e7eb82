import type { Address } from '../wasm/arena.js';
import { GEMM_SCRATCH } from '../wasm/constants.js';
import type { Host } from '../wasm/host.js';
import { recordBytes, writeRecord } from '../wasm/records.js';

/** Columns in a panel. */
const NR = 8;

const round64 = (bytes: number) => Math.ceil(bytes / 64) * 64;

/** y = clamp(alpha op(a) op(b) + beta c + bias), all row-major. */
export interface Product {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly alpha: number;
  readonly beta: number;
  readonly clamp: readonly [number, number];
}

/** Addresses of the operands; `c` and `bias` may be 0. */
export interface ProductOperands {
  readonly a: Address;
  readonly b: Address;
  readonly c: Address;
  readonly bias: Address;
  readonly y: Address;
}

/**
 * How b is read: packed into panels of eight columns; or in place, [k, n] eight to 32 columns at a time, [n, k] as dot products of rows. Packing costs
 * what some ten rows gain by it.
 */
type Reading = 'panels' | 'columns' | 'dots';

/**
 * Most rows for which b is read in place. [k, n]: 1 row takes a third (1000 x 2048) to two thirds (84 x 120) of the time with panels, 8 rows half to
 * nine tenths, 12 rows the same or more. [n, k]: 1 row a third to a half, 16 rows nine tenths, 24 rows the same or more; every sum ends with the
 * addition of its lanes, so short ones allow fewer: a row, and one more for each 16 of k (32: 3 rows, 64: 5, 144: 10 take as long as with panels).
 */
const FEW = { columns: 8, dots: 16 } as const;

/** How the second operand of a product is best read. */
export function readingOf({ m, k, transposeB }: Pick<Product, 'm' | 'k' | 'transposeB'>): Reading {
  const most = transposeB ? Math.min(FEW.dots, 1 + k / 16) : FEW.columns;
  if (k === 0 || m > most) return 'panels';
  return transposeB ? 'dots' : 'columns';
}

/** Places of one product in its scratch: record, zeros, scratch of the kernel, and a turned round or scaled. Panels of b stand behind it, or elsewhere. */
function layout({ m, k, transposeA, alpha }: Product, reading: Reading) {
  const depth = Math.max(1, k);
  const zeros = round64(recordBytes('product'));
  const rest = zeros + round64(NR * 4);
  const rows = rest + GEMM_SCRATCH;
  // without any k, one step over zeros stands in for it
  const ownRows = transposeA || k === 0 || (reading !== 'panels' && alpha !== 1);
  return { zeros, rest, rows, bytes: rows + round64(ownRows ? m * depth * 4 : 0), depth };
}

/** Scratch of `multiplyPacked`, in bytes. */
export const packedScratchBytes = (p: Product): number => layout(p, 'panels').bytes;

/** Bytes of the panels of b. */
export const panelBytes = ({ n, k }: Product): number => Math.ceil(n / NR) * Math.max(1, k) * NR * 4;

/** Packs op(b) into `panels`, for any number of `multiplyPacked`. */
export function packB({ exports, arena }: Host, p: Product, b: Address, panels: Address): void {
  if (p.k === 0) arena.f32(panels, Math.ceil(p.n / NR) * NR).fill(0);
  else {
    const [kStep, nStep] = p.transposeB ? [4, p.k * 4] : [p.n * 4, 4];
    exports.packPanels(panels, p.k * NR * 4, b, p.k, p.n, kStep, nStep, p.alpha);
  }
}

/** Address of the rows of op(a), brought into `scratch` where they have to be turned, or scaled because b is not. */
function rowsOfA({ exports, arena }: Host, p: Product, reading: Reading, a: Address, scratch: Address): Address {
  const rows = scratch + layout(p, reading).rows;
  const scaled = reading !== 'panels' && p.alpha !== 1;
  if (p.k === 0) arena.f32(rows, p.m).fill(0);
  else if (p.transposeA) exports.transpose(rows, p.k * 4, a, p.m * 4, p.k, p.m);
  else if (!scaled) return a;
  if (scaled) exports.scale(rows, p.transposeA ? rows : a, p.m * p.k, p.alpha);
  return rows;
}

/** b: its panels, if they are what is read. */
function run(host: Host, p: Product, reading: Reading, { a, b, c, bias, y }: ProductOperands, scratch: Address): void {
  const { exports, arena } = host;
  const at = layout(p, reading);
  if (p.m === 0 || p.n === 0) return;
  const rows = rowsOfA(host, p, reading, a, scratch);
  let addend = p.beta === 0 ? 0 : c;
  if (addend && p.beta !== 1) {
    exports.scale(y, c, p.m * p.n, p.beta);
    addend = y;
  }
  arena.f32(scratch + at.zeros, NR).fill(0);
  writeRecord(host, 'product', scratch, {
    ...{ k: at.depth, segmentCount: 1, segments: scratch + at.zeros, n: p.n, mr: host.mr },
    panels: b,
    ...(reading === 'columns' && { kStep: p.n * 4, panelStep: NR * 4 }),
    ...(reading === 'dots' && { kStep: p.k * 4 }),
    ...{ bias: bias || scratch + at.zeros, lo: p.clamp[0], hi: p.clamp[1], zeros: scratch + at.zeros },
  });
  const rest = scratch + at.rest;
  if (reading === 'dots') exports.gemmDots(scratch, rows, y, addend, p.k * 4, p.n * 4, p.m, 0, p.n, rest);
  else exports.gemmRows(scratch, rows, y, addend, at.depth * 4, p.n * 4, 0, p.m, rest);
}

/** One product over panels packed before, `operands.b`. Address by address, y may be c. */
export function multiplyPacked(host: Host, p: Product, operands: ProductOperands, scratch: Address): void {
  run(host, p, 'panels', operands, scratch);
}

/** A matrix times a column is a row times the matrix's transpose: one row instead of one column in eight. */
const isColumn = ({ m, n, k }: Product) => n === 1 && m > 1 && k > 0;

const asRow = (p: Product): Product => ({ ...p, m: 1, n: p.m, transposeA: false, transposeB: !p.transposeA });

/** Scratch of `multiply`, in bytes. */
export function productScratchBytes(p: Product): number {
  const row = isColumn(p) ? asRow(p) : p;
  const reading = readingOf(row);
  return layout(row, reading).bytes + (reading === 'panels' ? panelBytes(row) : 0) + (row === p ? 0 : row.n * 4);
}

/** Whether `multiply` packs b: then packing it once pays for a second product with the same b. */
export const packs = (p: Product): boolean => !isColumn(p) && readingOf(p) === 'panels';

/** One product, by whatever reads b at the least cost. Address by address, y may be c. */
export function multiply(host: Host, p: Product, operands: ProductOperands, scratch: Address): void {
  if (isColumn(p)) {
    const row = asRow(p);
    const { a, b, bias } = operands;
    const biases = scratch + layout(row, readingOf(row)).bytes;
    if (bias) host.arena.f32(biases, row.n).fill(host.arena.f32(bias, 1)[0]);
    run(host, row, readingOf(row), { ...operands, a: b, b: a, bias: bias && biases }, scratch);
    return;
  }
  const reading = readingOf(p);
  let { b } = operands;
  if (reading === 'panels') {
    b = scratch + packedScratchBytes(p);
    packB(host, p, operands.b, b);
  }
  run(host, p, reading, { ...operands, b }, scratch);
}
