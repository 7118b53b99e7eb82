import type { Peers, Row } from '../../../../bench/report.js';
import { digits } from '../../../../bench/table.js';
import { h } from '../dom.js';
import { networksOf } from './figures.js';

type Cell = string | Node;

/** A table that scrolls sideways where it is too wide. */
export function table(caption: string, head: readonly string[], rows: readonly (readonly Cell[])[]): HTMLElement {
  const line = (cells: readonly Cell[], tag: 'td' | 'th') =>
    h(
      'tr',
      {},
      ...cells.map((cell, i) =>
        tag === 'td' && i === 0 ? h('th', { scope: 'row' }, cell) : h(tag, tag === 'th' ? { scope: 'col' } : {}, cell),
      ),
    );
  return h(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption },
    h(
      'table',
      { class: 'figures-table' },
      h('caption', {}, caption),
      h('thead', {}, line(head, 'th')),
      h('tbody', {}, ...rows.map((cells) => line(cells, 'td'))),
    ),
  );
}

const ratio = (value: number | undefined): Cell =>
  value === undefined ? '' : h('strong', { class: value < 1 ? 'behind' : 'ahead' }, `${digits(value)} ×`);

/** What came of a row that has no time. */
const outcome = ({ failure, refused, missing }: Row) =>
  failure ?? refused ?? (missing ? `${missing} is not in the package` : '');

/** Every row, with its ratio to the same row of another report. */
export function rowsTable(rows: readonly Row[], compared: readonly Row[]): HTMLElement {
  const key = ({ title, build }: Row) => `${title} ${build}`;
  const others = new Map(compared.map((row) => [key(row), row.rate]));
  const head = [
    'layer',
    'build',
    'ms',
    'rate',
    'of peak',
    'algorithm',
    ...(compared.length > 0 ? ['compared', 'ratio'] : []),
  ];
  return table(
    'All measurements',
    head,
    rows.map((row) => {
      const other = others.get(key(row));
      const { rate, peakGflops, unit } = row;
      return [
        row.title,
        row.build,
        row.medianMs === undefined ? '–' : digits(row.medianMs),
        rate === undefined ? outcome(row) : `${digits(rate)} ${unit}`,
        rate !== undefined && peakGflops && unit === 'GFLOP/s' ? `${Math.round((100 * rate) / peakGflops)} %` : '',
        row.chosen ?? '',
        ...(compared.length > 0
          ? [other === undefined ? '' : digits(other), ratio(other && rate ? rate / other : undefined)]
          : []),
      ];
    }),
  );
}

export function networksTable(rows: readonly Row[]): HTMLElement | undefined {
  const networks = networksOf(rows);
  if (networks.length === 0) return undefined;
  return table(
    'Whole networks: convolution and pooling layers of one picture',
    ['network', 'build', 'ms'],
    networks.map(({ name, build, milliseconds }) => [name, build, digits(milliseconds)]),
  );
}

/** The package beside its peers. */
export function peerTables({ libraries, comparisons, stacks }: Peers): HTMLElement[] {
  const names = libraries.map(({ name }) => name);
  const head = ['case', ...names, 'best peer', 'ratio, NHWC', 'ratio, NCHW'];
  const cases = comparisons.map(({ title, unit, figures, bestPeer, ratios }) => [
    `${title}, ${unit}`,
    ...names.map((name) => {
      const { rate, note } = figures[name] ?? {};
      return h('span', { title: note }, rate === undefined ? '–' : digits(rate));
    }),
    bestPeer ?? '',
    ratio(ratios.NHWC),
    ratio(ratios.NCHW),
  ]);
  const totals = stacks.map(({ name, milliseconds, bestPeer, ratios }) => [
    `${name}, ms`,
    ...names.map((n) => digits(milliseconds[n] ?? Number.NaN)),
    bestPeer ?? '',
    ratio(ratios.NHWC),
    ratio(ratios.NCHW),
  ]);
  return [
    ...(cases.length > 0 ? [table('Each library and case', head, cases)] : []),
    ...(totals.length > 0 ? [table('Whole networks in each library', head, totals)] : []),
    table(
      'What the numbers include',
      ['library', 'version', 'includes'],
      libraries.map(({ name, version, includes }) => [name, version, includes]),
    ),
  ];
}
