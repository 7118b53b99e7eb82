import type { Peers, Row } from '../../../../bench/report.js';
import { digits, percent } from '../../../../bench/table.js';
import { h } from '../dom.js';
import { kindOf, networksOf, peakFor } from './figures.js';
import { nameOf } from './names.js';

type Cell = string | Node | false | undefined | 0;

/** A table that scrolls sideways where it is too wide. */
export function table(caption: string, head: readonly string[], rows: readonly (readonly Cell[])[]): HTMLElement {
  const line = (cells: readonly Cell[], tag: 'td' | 'th') =>
    h(
      'tr',
      {},
      ...cells.map((cell, i) =>
        tag === 'td' && i === 0
          ? h('th', { scope: 'row' }, cell || '')
          : h(tag, tag === 'th' ? { scope: 'col' } : {}, cell || ''),
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
  const key = (row: Row) => `${row.title} ${kindOf(row)}`;
  const others = new Map(compared.map((row) => [key(row), row.rate]));
  const head = [
    'layer',
    'build',
    'ms',
    'rate',
    'of peak',
    'algorithm',
    ...(compared.length > 0 ? ['compared with', 'this : compared (above 1 is faster)'] : []),
  ];
  return table(
    'All measurements',
    head,
    rows.map((row) => {
      const other = others.get(key(row));
      const { rate, unit, spoilt } = row;
      const peak = peakFor(row);
      return [
        h('span', { title: row.title }, nameOf(row)),
        kindOf(row),
        row.medianMs === undefined ? '–' : digits(row.medianMs),
        rate === undefined ? outcome(row) : `${digits(rate)} ${unit}`,
        spoilt === undefined
          ? rate !== undefined && peak && unit === 'GFLOP/s' && percent(rate / peak)
          : h('strong', { class: 'behind', title: spoilt }, 'spoilt: busy machine'),
        row.chosen ?? '',
        ...(compared.length > 0
          ? [other === undefined ? '' : `${digits(other)} ${unit}`, ratio(other && rate ? rate / other : undefined)]
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
