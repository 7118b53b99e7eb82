import type { ConvAlgorithm } from '../algorithms/algorithm.js';
import { depthwise, fours } from '../algorithms/depthwise.js';
import { direct } from '../algorithms/direct.js';
import { fewOutputs } from '../algorithms/few-outputs.js';
import { im2colGemm } from '../algorithms/im2col-gemm.js';
import { indirect } from '../algorithms/indirect.js';
import { pointwise } from '../algorithms/pointwise.js';
import { winograd } from '../algorithms/winograd/rows.js';
import { OptionError, UnsupportedError } from '../errors.js';
import type { ConvProblem } from '../types.js';

/** The table: the first row that does not refuse serves the problem. */
export const convTable: readonly ConvAlgorithm[] = [
  depthwise,
  fours,
  fewOutputs,
  pointwise,
  ...winograd,
  indirect,
  im2colGemm,
  direct,
];

/** The row that serves a problem, and why the rows before it do not. */
export interface Choice<Row> {
  readonly row: Row;
  readonly refused: readonly { readonly name: string; readonly reason: string }[];
}

/** First row that does not refuse, or the one the caller insists on. Throws OptionError for an unknown name, UnsupportedError for a refusal. */
export function choose<Row extends Pick<ConvAlgorithm, 'name' | 'accuracy' | 'refuses' | 'declines'>>(
  table: readonly Row[],
  problem: ConvProblem,
): Choice<Row> {
  const refused: { name: string; reason: string }[] = [];
  const forced = problem.algorithm;
  if (forced !== undefined) {
    const row = table.find(({ name }) => name === forced);
    if (!row)
      throw new OptionError(`unknown algorithm "${forced}"; there are ${table.map(({ name }) => `"${name}"`).join(', ')}`);
    const reason = row.refuses(problem);
    if (reason !== null) throw new UnsupportedError(`algorithm "${forced}" refuses this problem: ${reason}`);
    return { row, refused };
  }
  for (const row of table) {
    const tooRough = problem.accuracy === 'high' && row.accuracy !== 'high';
    const reason = tooRough ? 'accuracy "high" is asked for' : (row.refuses(problem) ?? row.declines?.(problem) ?? null);
    if (reason === null) return { row, refused };
    refused.push({ name: row.name, reason });
  }
  throw new UnsupportedError(`no algorithm serves this problem: ${refused.map((r) => `${r.name}: ${r.reason}`).join('; ')}`);
}
