import type { Row } from '../algorithms/row.js';
import { OptionError, UnsupportedError } from '../errors.js';
import type { Accuracy } from '../types.js';
import { fitted } from '../wasm/sharing.js';

/** The row that serves a problem, and why the rows before it do not. */
export interface Choice<R> {
  readonly row: R;
  readonly refused: readonly { readonly name: string; readonly reason: string }[];
}

/** What a problem says of the choice. */
export interface Asked {
  readonly accuracy: Accuracy;
  /** Name of the row that the caller insists on, if any. */
  readonly algorithm: string | undefined;
}

/**
 * The first row of a table that neither refuses nor declines a problem, or the one that the caller insists on.
 * @throws OptionError for an unknown name, UnsupportedError when the row refuses, or all do
 */
export function choose<
  Problem extends Asked,
  R extends Pick<Row<Problem, never, never>, 'name' | 'accuracy' | 'refuses' | 'declines'>,
>(table: readonly R[], problem: Problem): Choice<R> {
  const refused: { name: string; reason: string }[] = [];
  const { algorithm, accuracy } = problem;
  if (algorithm !== undefined) {
    const row = table.find(({ name }) => name === algorithm);
    if (!row) {
      const names = table.map(({ name }) => `"${name}"`).join(', ');
      throw new OptionError(`unknown algorithm "${algorithm}"; there are ${names}`);
    }
    const reason = row.refuses(problem);
    if (reason !== null) throw new UnsupportedError(`algorithm "${algorithm}" refuses this problem: ${reason}`);
    return { row: fitted(row, problem), refused };
  }
  for (const row of table) {
    const tooRough = accuracy === 'high' && row.accuracy !== 'high';
    const reason = tooRough
      ? 'accuracy "high" is asked for'
      : (row.refuses(problem) ?? row.declines?.(problem) ?? null);
    if (reason === null) return { row: fitted(row, problem), refused };
    refused.push({ name: row.name, reason });
  }
  throw new UnsupportedError(
    `no algorithm serves this problem: ${refused.map((r) => `${r.name}: ${r.reason}`).join('; ')}`,
  );
}
