import { type Plot, seriesColour } from './chart.js';
import { legend } from './legend.js';
import { linesOf } from './lines.js';

/** Pixels of a bar with its gap, of a group's gap, of a line of text, and of axis and legend. */
const BAR = 11;
const GROUP = 9;
const LINE = 15;
const AXIS = 110;
/** Characters of a line of a title on a plot that is narrower than so many pixels. */
const SHORT = 22;
const NARROW = 640;

export interface Bars {
  readonly name: string;
  /** By title. */
  readonly values: ReadonlyMap<string, number>;
  /** Titles of bars that are pale: what they show is not to be trusted. */
  readonly pale?: ReadonlySet<string>;
}

const paleOf = (colour: string) => colour.replace(/^rgb\((.*)\)$/, 'rgba($1, 0.3)');

/** What is drawn, under the name that people know; `title` is the one that the lists have. */
export interface Label {
  readonly title: string;
  readonly name: string;
}

/** Where the axis ends when a pale bar is longer than all others, which it is not to squeeze; else undefined. */
function endOf(series: readonly Bars[]): number | undefined {
  const longest = (isPale: boolean) =>
    Math.max(
      0,
      ...series.flatMap(({ values, pale }) =>
        [...values].flatMap(([title, value]) => ((pale?.has(title) ?? false) === isPale ? [value] : [])),
      ),
    );
  const sound = longest(false);
  return sound > 0 && longest(true) > sound ? Math.ceil(sound / 10) * 10 : undefined;
}

/** Horizontal bars, several for each title. */
export function drawBars(
  plot: Plot,
  titles: readonly Label[],
  series: readonly Bars[],
  unit: string,
  label: string,
): void {
  const isNarrow = plot.element.clientWidth < NARROW;
  const labels = titles.map(({ name }) => (isNarrow ? linesOf(name, SHORT) : [name]));
  const group = Math.max(series.length * BAR + GROUP, LINE * Math.max(...labels.map((lines) => lines.length)));
  plot.set(titles.length * group + AXIS, label, () => ({
    type: 'bar',
    data: {
      labels,
      datasets: series.map(({ name, values, pale }, n) => ({
        label: name,
        data: titles.map(({ title }) => values.get(title) ?? null),
        borderColor: seriesColour(n),
        backgroundColor: titles.map(({ title }) => (pale?.has(title) ? paleOf : String)(seriesColour(n))),
        borderRadius: 2,
        skipNull: true,
        maxBarThickness: BAR,
        categoryPercentage: 0.84,
      })),
    },
    options: {
      indexAxis: 'y',
      scales: {
        x: { position: 'top', title: { display: true, text: unit }, beginAtZero: true, max: endOf(series) },
        y: { ticks: { autoSkip: false, font: { size: isNarrow ? 10 : 12 } }, grid: { display: false } },
      },
      plugins: { legend, tooltip: { callbacks: { title: ([item]) => titles[item.dataIndex].title } } },
    },
  }));
}
