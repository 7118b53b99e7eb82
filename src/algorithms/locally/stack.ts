import type { Clamp } from '../../further.js';
import type { ConvProblem } from '../../types.js';
import type { Address } from '../../wasm/arena.js';
import { GEMM_SCRATCH, PANEL_STEP } from '../../wasm/boundary.js';
import type { Host } from '../../wasm/host.js';
import { readingOf } from '../product.js';
import { panelBytes, tileParts, writeTile } from '../tile-record.js';

/**
 * The products of a layer, one a position: of a row for each image by the weights, stored [k][n] or, with `transposeB`,
 * [n][k].
 */
export interface Stack {
  readonly k: number;
  readonly n: number;
  readonly transposeB: boolean;
}

/** Place for the products of a block: records, row table, and panels where the weights are packed. */
export function stackParts(p: ConvProblem, { k, n, transposeB }: Stack) {
  const panels = readingOf({ m: p.n, k, transposeB }) === 'panels' ? panelBytes(n, k) : 0;
  return { ...tileParts, kernel: GEMM_SCRATCH, panels };
}

/** An operand of the products: its place, bytes from image to image and from position to position. */
export interface Rows {
  readonly at: Address;
  readonly image: number;
  readonly position: number;
}

/** c = clamp(a by b + bias) at `count` positions, whose weights are `row` bytes from row to row. */
export function multiplyStack(
  host: Host,
  p: ConvProblem,
  { k, n, transposeB }: Stack,
  at: Readonly<Record<keyof ReturnType<typeof stackParts>, Address>>,
  count: number,
  a: Rows,
  b: { readonly at: Address; readonly position: number; readonly row: number },
  c: Rows,
  clamp: Clamp,
  bias: Address,
): void {
  const reading = readingOf({ m: p.n, k, transposeB });
  const packs = reading === 'panels';
  writeTile(host, at, {
    ...{ k, n, panels: b.at, bias, clamp },
    ...{ kStep: packs ? 0 : b.row, panelStep: reading === 'columns' ? PANEL_STEP : 0 },
  });
  const [kStep, nStep] = transposeB ? [4, b.row] : [b.row, 4];
  const [dots, panels] = [reading === 'dots' ? 1 : 0, packs ? at.panels : 0];
  const steps = [a.image, c.image, p.n, a.position, b.position, c.position] as const;
  host.exports.gemmBatch(at.product, a.at, c.at, ...steps, dots, panels, kStep, nStep, 0, count, at.kernel);
}
