import { round64 } from '../wasm/block.js';
import { type Job, type Step, stepsOf } from '../wasm/crew.js';
import type { Host } from '../wasm/host.js';
import { ofProducts } from '../wasm/sharing.js';
import { type Multiplied, type Product, productSteps, readingOf } from './product.js';

/** A matrix times a column is a row times the matrix's transpose: one row instead of one column in eight. */
const isColumn = ({ m, n, k }: Product) => n === 1 && m > 1 && k > 0;

/** Whether a product packs b: then packing it once pays for a second product with the same b. */
export const packs = (p: Product): boolean => !isColumn(p) && readingOf(p) === 'panels';

/** An addend that is not a whole matrix: rows and columns, each the product's or 1. */
export interface Broadcast {
  readonly rows: number;
  readonly columns: number;
}

/** Writes the rows or columns of such an addend over all of y, which then is the addend. */
function broadcasting({ arena }: Host, { m, n }: Product, { rows, columns }: Broadcast): Step<Multiplied> {
  return {
    units: m,
    run([, , c, , y], begin, end) {
      const [from, to] = [arena.f32(c, rows * columns), arena.f32(y, m * n)];
      for (let i = begin; i < end; i++) {
        if (columns === n) to.set(from, i * n);
        else to.fill(from[rows === 1 ? 0 : i], i * n, (i + 1) * n);
      }
    },
  };
}

/** One product, by whatever reads b at the least cost. `spread`: of an addend that is not a whole matrix. */
export function productJob(host: Host, given: Product, spread?: Broadcast): Job<Multiplied> {
  // with alpha = 0 neither a nor b is read: a product without any k
  const p = given.alpha === 0 ? { ...given, k: 0 } : given;
  const job = ofProducts(isColumn(p) ? columnJob(host, p) : productSteps(host, p, false), p.m * p.n * p.k);
  if (!spread || p.beta === 0 || (spread.rows === p.m && spread.columns === p.n)) return job;
  const onY = stepsOf(job, ([a, b, , bias, y]: Multiplied): Multiplied => [a, b, y, bias, y]);
  return { ...job, steps: [broadcasting(host, p, spread), ...onY] };
}

/** The product of a matrix and a column. */
function columnJob(host: Host, p: Product): Job<Multiplied> {
  const row: Product = { ...p, m: 1, n: p.m, transposeA: false, transposeB: !p.transposeA };
  const inner = productSteps(host, row, false);
  const biasesBytes = round64(row.n * 4);
  const repeat: Step<Multiplied> = {
    units: 1,
    run([, , , bias], _begin, _end, _own, biases) {
      if (bias) host.arena.f32(biases, row.n).fill(host.arena.f32(bias, 1)[0]);
    },
  };
  return {
    ...inner,
    sharedBytes: biasesBytes + inner.sharedBytes,
    steps: [
      repeat,
      ...stepsOf(
        inner,
        ([a, b, c, bias, y]: Multiplied, biases): Multiplied => [b, a, c, bias && biases, y],
        biasesBytes,
      ),
    ],
  };
}
