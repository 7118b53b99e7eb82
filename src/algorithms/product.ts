import type { Address } from '../wasm/arena.js';
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

/** Most of k that the kernels sum in one run, block after block. More is summed run by run, so that no chain of additions is long. */
const MOST_K = 8192;

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

/** Places of one product in its scratch: records, row table, panels of b, a turned round or scaled, and the bias of one column for each row. */
function layout({ m, n, k, transposeA, alpha }: Product, reading: Reading) {
  const depth = Math.max(1, k);
  const strip = round64(recordBytes('product'));
  const zeros = strip + round64(recordBytes('strip'));
  const table = zeros + round64(NR * 4);
  const panels = table + 256 * 8;
  const rows = panels + (reading === 'panels' ? round64(Math.ceil(n / NR) * depth * NR * 4) : 0);
  // without any k, one step over zeros stands in for it
  const ownRows = transposeA || k === 0 || (reading !== 'panels' && alpha !== 1);
  const sums = rows + (ownRows ? round64(m * depth * 4) : 0);
  return { strip, zeros, table, panels, rows, sums, bytes: sums + (reading === 'dots' ? 0 : sumBytes({ m, n, k })), depth };
}

/** Place for the sum of the runs of a long k, in bytes. */
export const sumBytes = ({ m, n, k }: Pick<Product, 'm' | 'n' | 'k'>): number => (k > MOST_K ? m * n * 4 : 0);

/** Scratch of `packB` and `multiplyPacked`, in bytes. */
export const packedScratchBytes = (p: Product): number => layout(p, 'panels').bytes;

/** Packs op(b) into the panels of `scratch`; they serve every later `multiplyPacked` there with the same b. */
export function packB({ exports, arena }: Host, p: Product, b: Address, scratch: Address): void {
  const { panels, depth } = layout(p, 'panels');
  if (p.k === 0) arena.f32(scratch + panels, Math.ceil(p.n / NR) * NR).fill(0);
  else {
    const [kStep, nStep] = p.transposeB ? [4, p.k * 4] : [p.n * 4, 4];
    exports.packPanels(scratch + panels, depth * NR * 4, b, p.k, p.n, kStep, nStep, p.alpha);
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

function run(
  host: Host,
  p: Product,
  reading: Reading,
  { a, b, c, bias, y }: ProductOperands,
  scratch: Address,
  sumsAt?: Address,
): void {
  const { exports, arena } = host;
  const at = layout(p, reading);
  const { m, n, k } = p;
  if (m === 0 || n === 0) return;
  const rows = rowsOfA(host, p, reading, a, scratch);
  let addend = p.beta === 0 ? 0 : c;
  if (addend && p.beta !== 1) {
    exports.scale(y, c, m * n, p.beta);
    addend = y;
  }
  const zeros = scratch + at.zeros;
  arena.f32(zeros, NR).fill(0);
  const packed = reading === 'panels';
  const [panels, kStep, panelStep] = packed ? [scratch + at.panels, 0, at.depth * NR * 4] : [b, n * 4, NR * 4];
  /** y = clamp(A B + bias + addend) for `count` of k from `from` on. */
  const part = (from: number, count: number, fields: Readonly<Record<'c' | 'bias' | 'addend' | 'lo' | 'hi', number>>) => {
    writeRecord(host, 'product', scratch, {
      ...{ k: count, segmentCount: 1, segments: zeros, n, mr: host.mr, a: rows + from * 4, zeros, strip: scratch + at.strip },
      ...(reading === 'dots' ? { panels, kStep: k * 4 } : { panels: panels + from * (kStep || NR * 4), kStep, panelStep }),
      ...fields,
    });
    if (reading === 'dots') exports.gemmDots(scratch, k * 4, n * 4, m, 0, n);
    else exports.gemmRows(scratch, at.depth * 4, n * 4, 0, m, scratch + at.table);
  };
  const first = reading === 'dots' ? at.depth : Math.min(at.depth, MOST_K);
  if (first < at.depth) {
    // what comes after the first run is summed beside y, which holds one run at a time
    const sums = sumsAt ?? scratch + at.sums;
    if (addend) exports.scale(sums, addend, m * n, 1);
    else arena.f32(sums, m * n).fill(0);
    for (let from = first; from < k; from += MOST_K) {
      part(from, Math.min(MOST_K, k - from), { c: y, bias: zeros, addend: 0, lo: -Infinity, hi: Infinity });
      exports.addScaled(sums, y, m * n, 1);
    }
    addend = sums;
  }
  part(0, first, { c: y, bias: bias || zeros, addend, lo: p.clamp[0], hi: p.clamp[1] });
}

/** One product over panels packed before. Address by address, y may be c. `sums`: `sumBytes` bytes. */
export function multiplyPacked(
  host: Host,
  p: Product,
  operands: Omit<ProductOperands, 'b'>,
  scratch: Address,
  sums?: Address,
): void {
  run(host, p, 'panels', { ...operands, b: 0 }, scratch, sums);
}

/** A matrix times a column is a row times the matrix's transpose: one row instead of one column in eight. */
const isColumn = ({ m, n, k }: Product) => n === 1 && m > 1 && k > 0;

const asRow = (p: Product): Product => ({ ...p, m: 1, n: p.m, transposeA: false, transposeB: !p.transposeA });

/** With alpha = 0 neither a nor b is read: a product without any k. */
const read = (p: Product): Product => (p.alpha === 0 ? { ...p, k: 0 } : p);

/** Scratch of `multiply`, in bytes. */
export function productScratchBytes(given: Product): number {
  const p = read(given);
  if (!isColumn(p)) return layout(p, readingOf(p)).bytes;
  const row = asRow(p);
  return round64(layout(row, readingOf(row)).bytes) + round64(row.n * 4);
}

/** Whether `multiply` packs b: then packing it once pays for a second product with the same b. */
export const packs = (p: Product): boolean => !isColumn(p) && readingOf(p) === 'panels';

/** One product, by whatever reads b at the least cost. Address by address, y may be c. */
export function multiply(host: Host, given: Product, operands: ProductOperands, scratch: Address): void {
  const p = read(given);
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
