import type { Report } from '../../../../bench/report.js';
import { digits } from '../../../../bench/table.js';
import { card, h } from '../dom.js';
import { count } from '../number.js';
import { drawBars } from './bars.js';
import { Plot } from './chart.js';
import { isInWay, processorLine, waysOf } from './figures.js';
import { headlineOf } from './headline.js';
import { nameOf } from './names.js';
import { compose } from './picture.js';
import { drawLayers, drawRoofline, drawScaling, drawThreads } from './plots.js';
import { networksTable, peerTables, rowsTable } from './tables.js';

const ROOF_NOTE =
  'Left of the ridge memory is the limit, right of it arithmetic. Layers whose data stay in the caches go beyond the slope, and Winograd, which needs fewer multiplications than the definition counts, beyond the peak.';

/** A report as plots and tables; the same on the page and in a file of its own. */
export class ReportView {
  readonly element = h('div', { class: 'report', hidden: true });
  readonly #plots = {
    layers: new Plot('plot-layers', 'GFLOP/s of every layer'),
    pools: new Plot('plot-pools', 'GB/s of every pool'),
    roofline: new Plot('plot-roofline', 'Roofline'),
    threads: new Plot('plot-threads', 'Speed over threads'),
    scaling: new Plot('plot-scaling', 'GFLOP/s over size'),
    peers: new Plot('plot-peers', 'GFLOP/s of every library'),
  };
  readonly #cards: Record<string, HTMLElement>;
  readonly #way = h('select', { id: 'way' });
  readonly #wayRow = h('div', { class: 'field way' }, h('label', { for: 'way' }, 'Layout and memory'), this.#way);
  readonly #headline = h('h2', { class: 'headline' });
  readonly #machine = h('p', { class: 'machine' });
  readonly #tables = h('div', { class: 'tables' });
  readonly #peerTables = h('div', { class: 'tables' });
  #report: Report | undefined;
  #compared: Report | undefined;

  constructor() {
    const { layers, pools, roofline, threads, scaling, peers } = this.#plots;
    this.#cards = {
      layers: card('report-layers', 'GFLOP/s of every layer', layers.element),
      pools: card('report-pools', 'GB/s where memory is the work', pools.element),
      roofline: card('report-roofline', 'Roofline', h('p', {}, ROOF_NOTE), roofline.element),
      threads: card('report-threads', 'Speed over threads', threads.element),
      scaling: card('report-scaling', 'Scaling with size', scaling.element),
      tables: card('report-tables', 'In numbers', this.#tables),
      peers: card('report-peers', 'Beside other libraries', peers.element, this.#peerTables),
    };
    this.element.append(this.#headline, this.#machine, this.#wayRow, ...Object.values(this.#cards));
    this.#way.addEventListener('change', () => this.#draw());
  }

  show(report: Report, compared?: Report): void {
    this.#report = report;
    this.#compared = compared;
    const chosen = this.#way.value;
    const ways = waysOf(report);
    this.#way.replaceChildren(...ways.map((way) => h('option', { value: way, selected: way === chosen }, way)));
    this.#wayRow.hidden = ways.length < 2;
    this.element.hidden = false;
    this.#draw();
  }

  #draw(): void {
    const report = this.#report!;
    const inWay = (rows: Report['rows']) => rows.filter((row) => isInWay(row, this.#way.value));
    const rows = inWay(report.rows);
    const same = this.#compared ? inWay(this.#compared.rows) : [];
    // a report of another layout or memory is still worth a look
    const compared = same.length > 0 ? same : (this.#compared?.rows ?? []);
    const { layers, pools, roofline, threads, scaling, tables, peers } = this.#cards;
    const spoilt = rows.filter((row) => row.spoilt !== undefined).length;
    this.#headline.textContent = headlineOf({ ...report, rows }) ?? '';
    this.#machine.textContent = [
      report.date?.slice(0, 10),
      report.machine,
      processorLine({ ...report, rows }),
      report.bandwidth && `memory ${digits(report.bandwidth)} GB/s`,
      this.#compared && `compared with ${this.#compared.machine}`,
      spoilt > 0 && `${count(spoilt, 'measurement')} spoilt by a busy machine: pale, and counted nowhere`,
    ]
      .filter(Boolean)
      .join('; ');
    for (const element of Object.values(this.#cards)) element.hidden = false;
    layers.hidden = !drawLayers(this.#plots.layers, rows, compared, 'GFLOP/s');
    pools.hidden = !drawLayers(this.#plots.pools, rows, compared, 'GB/s');
    roofline.hidden = !drawRoofline(this.#plots.roofline, { ...report, rows });
    threads.hidden = !drawThreads(this.#plots.threads, rows);
    scaling.hidden = !drawScaling(this.#plots.scaling, rows, compared);
    tables.hidden = rows.length === 0;
    const networks = networksTable(rows);
    this.#tables.replaceChildren(...(networks ? [networks] : []), rowsTable(rows, compared));
    peers.hidden = !report.peers;
    this.#drawPeers();
  }

  #drawPeers(): void {
    const peers = this.#report?.peers;
    if (!peers) return;
    const counted = peers.comparisons.filter(({ unit }) => unit === 'GFLOP/s');
    const titles = counted.map((comparison) => ({ title: comparison.title, name: nameOf(comparison) }));
    const series = peers.libraries
      .filter(({ name }) => counted.some(({ figures }) => figures[name]?.rate !== undefined))
      .map(({ name }) => ({
        name,
        values: new Map(
          counted.flatMap(({ title, figures }) =>
            figures[name]?.rate === undefined ? [] : [[title, figures[name].rate] as const],
          ),
        ),
      }));
    this.#plots.peers.element.hidden = titles.length === 0;
    if (titles.length > 0)
      drawBars(this.#plots.peers, titles, series, 'GFLOP/s', `GFLOP/s of ${titles.length} cases in each library`);
    const { NHWC, NCHW } = peers.geometricMeans;
    const intro =
      NHWC === undefined || NCHW === undefined
        ? []
        : [
            h(
              'p',
              { class: 'note' },
              `Geometric mean of the ratios to the best peer: ${digits(NHWC)} in NHWC, ${digits(NCHW)} in NCHW. ` +
                `${peers.machine}.`,
            ),
          ];
    this.#peerTables.replaceChildren(...intro, ...peerTables(peers));
  }

  /** The plots that are shown, as one picture. */
  toPicture(): Promise<Blob> {
    const shown = Object.entries(this.#plots).filter(([name]) => !this.#cards[name].hidden);
    const parts = shown.map(([name, { canvas }]) => ({
      canvas,
      title: this.#cards[name].querySelector('h2')!.textContent ?? '',
    }));
    const address = location.protocol.startsWith('http') ? location.href : '';
    const head = [this.#headline.textContent, this.#machine.textContent, address].filter((line) => !!line) as string[];
    return compose(head, parts);
  }
}
