import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  type ChartConfiguration,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  ScatterController,
  Tooltip,
} from 'chart.js';
import { colour, h } from '../dom.js';

Chart.register(
  ...[BarController, BarElement, CategoryScale, Legend, LinearScale, LineController, LineElement],
  ...[LogarithmicScale, PointElement, ScatterController, Tooltip],
);

/** Colours that the style sheet has: as many as libraries are compared. */
const COLOURS = 10;

/** The n-th colour of a plot. */
export const seriesColour = (n: number): string => colour(`--series-${n % COLOURS}`);

const scheme = () => matchMedia('(prefers-color-scheme: dark)');

/** A plot that is drawn anew in the colours of the scheme. */
export class Plot {
  readonly element: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly #frame: HTMLElement;
  #chart: Chart | undefined;
  #configure: (() => ChartConfiguration) | undefined;

  constructor(id: string, label: string) {
    this.canvas = h('canvas', { id, role: 'img', 'aria-label': label });
    this.#frame = h('div', { class: 'plot' }, this.canvas);
    this.element = this.#frame;
    scheme().addEventListener('change', () => this.draw());
  }

  /** @param height in pixels @param configure makes the configuration, in the colours of the moment */
  set(height: number, label: string, configure: () => ChartConfiguration): void {
    this.#frame.style.height = `${height}px`;
    this.canvas.setAttribute('aria-label', label);
    this.#configure = configure;
    this.draw();
  }

  draw(): void {
    this.#chart?.destroy();
    if (!this.#configure) return;
    Chart.defaults.color = colour('--muted');
    Chart.defaults.borderColor = colour('--line');
    Chart.defaults.font.family = 'system-ui, sans-serif';
    Chart.defaults.animation = false;
    Chart.defaults.maintainAspectRatio = false;
    this.#chart = new Chart(this.canvas, this.#configure());
  }
}
