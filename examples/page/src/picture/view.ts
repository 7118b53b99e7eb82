import { digits } from '../../../../bench/table.js';
import { h } from '../dom.js';
import type { Filtered } from './messages.js';
import type { Pixels } from './pixels.js';

/** Runs whose median is shown. */
const RUNS = 9;

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1];

export function put(canvas: HTMLCanvasElement, { data, width, height }: Pixels): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  canvas.getContext('2d')!.putImageData(new ImageData(data, width, height), 0, 0);
}

/** One side's result, its time and its rate. */
export class ResultView {
  readonly element: HTMLElement;
  readonly #canvas: HTMLCanvasElement;
  readonly #time = h('strong', { class: 'time' }, '–');
  readonly #rate = h('span', {}, '');
  readonly #detail = h('span', { class: 'note' }, ' ');
  #times: number[] = [];

  constructor(id: string, title: string) {
    this.#canvas = h('canvas', { role: 'img', 'aria-label': `Result, ${title}`, width: 320, height: 213 });
    this.element = h(
      'figure',
      { id, class: 'result' },
      h(
        'figcaption',
        {},
        h('h2', {}, title),
        h('p', { class: 'figures-line' }, this.#time, ' ', this.#rate),
        this.#detail,
      ),
      h('div', { class: 'frame' }, this.#canvas, h('p', { class: 'busy' }, 'Working …')),
    );
  }

  /** Forgets the times and the picture: what stands under a heading belongs to it. Busy until there is another. */
  begin(): void {
    this.#canvas.getContext('2d')!.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    this.element.setAttribute('aria-busy', 'true');
    this.#times = [];
    this.#time.textContent = '–';
    this.#rate.textContent = '';
    this.#detail.textContent = ' ';
  }

  /** Nothing more comes. */
  end(): void {
    this.element.removeAttribute('aria-busy');
  }

  show({ picture, milliseconds, operations, algorithms, build }: Filtered): void {
    put(this.#canvas, picture);
    this.end();
    this.#times = [...this.#times, milliseconds].slice(-RUNS);
    this.#time.textContent = `${digits(this.milliseconds!)} ms`;
    this.#rate.textContent = `${digits(operations / this.milliseconds! / 1e6)} GFLOP/s`;
    this.#detail.textContent = algorithms.length > 0 ? `${build} build, ${algorithms.join(', ')}` : 'six nested loops';
  }

  /** The median so far. */
  get milliseconds(): number | undefined {
    return this.#times.length > 0 ? median(this.#times) : undefined;
  }

  get runs(): number {
    return this.#times.length;
  }
}
