import { sameNumbers } from '../calls/variants.js';

/** What two versions of the package make of one call. */

/** A result with the row that was chosen for it, or the code of the error. */
export type Outcome = { readonly result: unknown; readonly row?: unknown } | { readonly error: string };

/** Bits differ; another row was chosen; only the later version serves the call; only the earlier one does. */
export const findings = ['different', 'chosen otherwise', 'appeared', 'vanished'] as const;
export type Finding = (typeof findings)[number];

export function outcome(work: () => { readonly result: unknown; readonly row?: unknown }): Outcome {
  try {
    return work();
  } catch (error) {
    const { code, name } = error as { code?: string; name: string };
    return { error: code ?? name };
  }
}

/** `undefined` where both versions refuse, `'same'` where there is nothing to tell. */
export function compare(before: Outcome, after: Outcome): Finding | 'same' | undefined {
  if ('error' in before) return 'error' in after ? undefined : 'appeared';
  if ('error' in after) return 'vanished';
  if (!sameNumbers(before.row, after.row)) return 'chosen otherwise';
  return sameNumbers(before.result, after.result) ? 'same' : 'different';
}

interface Group {
  cases: number;
  readonly found: Map<Finding, { count: number; readonly first: string }>;
}

/** Findings by group, each with the first case that has it. */
export class Tally {
  readonly groups = new Map<string, Group>();

  add(group: string, title: string, verdict: Finding | 'same' | undefined): void {
    if (verdict === undefined) return;
    const entry = this.groups.get(group) ?? { cases: 0, found: new Map() };
    this.groups.set(group, entry);
    entry.cases++;
    if (verdict === 'same') return;
    const found = entry.found.get(verdict) ?? { count: 0, first: title };
    found.count++;
    entry.found.set(verdict, found);
  }

  /** Cases with that finding, or all of them, in groups whose name begins so. */
  count(prefix: string, finding?: Finding): number {
    const groups = [...this.groups].filter(([name]) => name.startsWith(prefix));
    return groups.reduce((sum, [, { cases, found }]) => sum + (finding ? (found.get(finding)?.count ?? 0) : cases), 0);
  }

  lines(): string[] {
    return [...this.groups].flatMap(([name, { cases, found }]) =>
      [...found].map(([finding, { count, first }]) => `${name}: ${count} of ${cases} ${finding}, first ${first}`),
    );
  }
}
