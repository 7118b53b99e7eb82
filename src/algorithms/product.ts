import type { Address } from '../wasm/arena.js';
import { layOut, placed, round64 } from '../wasm/block.js';
import { GEMM_SCRATCH, NR } from '../wasm/boundary.js';
import { type Job, oneStep } from '../wasm/crew.js';
import type { Host } from '../wasm/host.js';
import { panelBytes, tileParts, wholePanels, writeTile } from './tile-record.js';

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

/** Places of one product in its scratch: record, zeros, scratch of the kernel, panels of b, a turned round or scaled, and the bias of one column for each row. */
function layout({ m, n, k, transposeA, alpha }: Product, reading: Reading) {
  const depth = Math.max(1, k);
  // without any k, one step over zeros stands in for it
  const ownRows = transposeA || k === 0 || (reading !== 'panels' && alpha !== 1);
  const { offsets, bytes } = layOut({
    ...{ ...tileParts, kernel: GEMM_SCRATCH },
    panels: reading === 'panels' ? panelBytes(n, depth) : 0,
    rows: ownRows ? m * depth * 4 : 0,
  });
  return { offsets, bytes, depth };
}

/** Scratch of `packB` and `multiplyPacked`, in bytes. */
export const packedScratchBytes = (p: Product): number => layout(p, 'panels').bytes;

/** Packs op(b) into the panels of `scratch`; they serve every later `multiplyPacked` there with the same b. */
export function packB({ exports, arena }: Host, p: Product, b: Address, scratch: Address): void {
  const { offsets, depth } = layout(p, 'panels');
  const panels = scratch + offsets.panels;
  if (p.k === 0) arena.f32(panels, wholePanels(p.n)).fill(0);
  else {
    const [kStep, nStep] = p.transposeB ? [4, p.k * 4] : [p.n * 4, 4];
    exports.packPanels(panels, depth * NR * 4, b, p.k, p.n, kStep, nStep, p.alpha);
  }
}

/** Address of the rows of op(a), brought into `scratch` where they have to be turned, or scaled because b is not. */
function rowsOfA({ exports, arena }: Host, p: Product, reading: Reading, a: Address, scratch: Address): Address {
  const rows = scratch + layout(p, reading).offsets.rows;
  const scaled = reading !== 'panels' && p.alpha !== 1;
  if (p.k === 0) arena.f32(rows, p.m).fill(0);
  else if (p.transposeA) exports.transpose(rows, p.k * 4, a, p.m * 4, p.k, p.m);
  else if (!scaled) return a;
  if (scaled) exports.scale(rows, p.transposeA ? rows : a, p.m * p.k, p.alpha);
  return rows;
}

function run(host: Host, p: Product, reading: Reading, { a, b, c, bias, y }: ProductOperands, scratch: Address): void {
  const { exports } = host;
  const { offsets, depth } = layout(p, reading);
  const at = placed(offsets, scratch);
  if (p.m === 0 || p.n === 0) return;
  const rows = rowsOfA(host, p, reading, a, scratch);
  let addend = p.beta === 0 ? 0 : c;
  if (addend && p.beta !== 1) {
    exports.scale(y, c, p.m * p.n, p.beta);
    addend = y;
  }
  const inPlace = reading === 'columns' ? { kStep: p.n * 4, panelStep: NR * 4 } : { kStep: p.k * 4 };
  writeTile(host, at, {
    ...{ k: depth, n: p.n, bias, clamp: p.clamp },
    ...(reading === 'panels' ? { panels: at.panels } : { panels: b, ...inPlace }),
  });
  const operands = [at.product, rows, y, addend, depth * 4, p.n * 4] as const;
  if (reading === 'dots') exports.gemmDots(...operands, p.m, 0, p.n, at.kernel);
  else exports.gemmRows(...operands, 0, p.m, at.kernel);
}

/** One product over panels packed before. Address by address, y may be c. */
export function multiplyPacked(host: Host, p: Product, operands: Omit<ProductOperands, 'b'>, scratch: Address): void {
  run(host, p, 'panels', { ...operands, b: 0 }, scratch);
}

/** A matrix times a column is a row times the matrix's transpose: one row instead of one column in eight. */
const isColumn = ({ m, n, k }: Product) => n === 1 && m > 1 && k > 0;

const asRow = (p: Product): Product => ({ ...p, m: 1, n: p.m, transposeA: false, transposeB: !p.transposeA });

/** Scratch of `multiply`, in bytes. */
export function productScratchBytes(p: Product): number {
  if (!isColumn(p)) return layout(p, readingOf(p)).bytes;
  const row = asRow(p);
  return round64(layout(row, readingOf(row)).bytes) + round64(row.n * 4);
}

/** Whether `multiply` packs b: then packing it once pays for a second product with the same b. */
export const packs = (p: Product): boolean => !isColumn(p) && readingOf(p) === 'panels';

/** One product, by whatever reads b at the least cost. Address by address, y may be c. */
export function multiply(host: Host, p: Product, operands: ProductOperands, scratch: Address): void {
  if (isColumn(p)) {
    const row = asRow(p);
    const { a, b, bias } = operands;
    const biases = scratch + round64(layout(row, readingOf(row)).bytes);
    if (bias) host.arena.f32(biases, row.n).fill(host.arena.f32(bias, 1)[0]);
    run(host, row, readingOf(row), { ...operands, a: b, b: a, bias: bias && biases }, scratch);
    return;
  }
  const reading = readingOf(p);
  if (reading === 'panels') packB(host, p, operands.b, scratch);
  run(host, p, reading, operands, scratch);
}

/** Operands of a product; `c` and `bias` may be 0, y may be c. */
export type Multiplied = readonly [a: Address, b: Address, c: Address, bias: Address, y: Address];

/** One product as a job. */
export const productJob = (host: Host, p: Product): Job<Multiplied> =>
  oneStep({
    ownBytes: productScratchBytes(p),
    run: ([a, b, c, bias, y], _begin, _end, own) => multiply(host, p, { a, b, c, bias, y }, own),
  });
