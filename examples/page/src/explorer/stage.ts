import { h } from '../dom.js';
import { isPool } from './config.js';
import type { Evaluation } from './evaluate.js';
import { figure, Grid, type Picked } from './grid.js';
import { drawnAt, feeds, reads } from './links.js';
import type { Place } from './place.js';
import { groupOf, weightPlane } from './terms.js';

/** The input, the kernel and the output, with the window lit. */
export class Stage {
  readonly element: HTMLElement;
  readonly #input: Grid;
  readonly #kernel = new Grid();
  readonly #output: Grid;
  readonly #kernelFigure: HTMLElement;
  readonly #sizes = {
    input: h('span', { class: 'size' }),
    kernel: h('span', { class: 'size' }),
    output: h('span', { class: 'size' }),
  };
  #evaluation: Evaluation | undefined;
  #plane = '';

  constructor(pick: (side: Place['side'], picked: Picked) => void) {
    this.#input = new Grid((picked) => {
      const { axes } = this.#evaluation!;
      const [row, column] = [axes[0].sources[picked.row], axes[1].sources[picked.column]];
      if (row >= 0 && column >= 0) pick('input', { channel: picked.channel, row, column });
    });
    this.#output = new Grid((picked) => pick('output', picked));
    this.#kernelFigure = figure('kernel', 'Kernel', this.#kernel, this.#sizes.kernel);
    this.element = h(
      'div',
      { class: 'stage' },
      figure('input', 'Input', this.#input, this.#sizes.input),
      this.#kernelFigure,
      figure('output', 'Output', this.#output, this.#sizes.output),
    );
  }

  draw(evaluation: Evaluation): void {
    this.#evaluation = evaluation;
    this.#plane = '';
    const { drawn, y, config, axes, pads } = evaluation;
    const [, channels, rows, columns] = drawn.shape;
    const isPadding = (cell: number) => {
      const [row, column] = [Math.floor(cell / columns) - pads[0][0], (cell % columns) - pads[1][0]];
      return row < 0 || column < 0 || row >= config.input[0] || column >= config.input[1];
    };
    const isDrawn = config.operator !== 'transposed';
    const isEmpty = (cell: number) =>
      axes[0].sources[Math.floor(cell / columns)] < 0 || axes[1].sources[cell % columns] < 0;
    this.#input.draw({
      label: 'Input',
      ...{ channels, rows, columns, values: drawn.data },
      kind: (cell) => (isDrawn && isPadding(cell) ? 'padding' : ''),
      text:
        config.operator === 'max' ? (value, cell) => (isEmpty(cell) ? '' : String(value).replace('-', '−')) : undefined,
    });
    this.#output.draw({ label: 'Output', channels: y.shape[1], rows: y.shape[2], columns: y.shape[3], values: y.data });
    this.#sizes.input.textContent = config.input.join(' × ');
    this.#sizes.kernel.textContent = config.kernel.join(' × ');
    this.#sizes.output.textContent = y.shape.slice(2).join(' × ');
  }

  light(at: Place): void {
    const e = this.#evaluation!;
    const { inputs, outputs } = groupOf(e, at);
    const kw = e.config.kernel[1];
    const [, , drawnRows, drawnColumns] = e.drawn.shape;
    const [, , rows, columns] = e.y.shape;
    const inputMarks = new Map<number, string>();
    const outputMarks = new Map<number, string>();
    const taps = new Set<number>();
    if (at.side === 'output') {
      const links = reads(e.axes, at.row, at.column, kw);
      for (const { tap } of links) taps.add(tap);
      for (const channel of inputs)
        for (const { cell } of links) inputMarks.set(channel * drawnRows * drawnColumns + cell, 'window');
      const winner = e.indices?.[(at.channel * rows + at.row) * columns + at.column] ?? -1;
      if (winner >= 0) {
        const row = Math.floor(winner / e.config.input[1]) + e.pads[0][0];
        inputMarks.set(
          (at.channel * drawnRows + row) * drawnColumns + (winner % e.config.input[1]) + e.pads[1][0],
          'window winner',
        );
      }
      outputMarks.set((at.channel * rows + at.row) * columns + at.column, 'chosen');
    } else {
      const places = drawnAt(e.axes, at.row, at.column);
      for (const place of places) {
        inputMarks.set(at.channel * drawnRows * drawnColumns + place, 'chosen');
        for (const { tap, cell } of feeds(e.axes, place, kw)) {
          taps.add(tap);
          for (const channel of outputs) outputMarks.set(channel * rows * columns + cell, 'window');
        }
      }
    }
    this.#drawKernel(e, at, inputs, outputs);
    this.#kernel.mark(
      new Map(
        [...Array(this.#kernelPlanes(inputs, outputs, at)).keys()].flatMap((plane) =>
          [...taps].map((tap) => [plane * e.config.kernel[0] * kw + tap, 'window'] as const),
        ),
      ),
    );
    const first = [...inputMarks].find(([, name]) => name === 'chosen')?.[0];
    this.#input.mark(inputMarks, at.side === 'input' ? first : undefined);
    this.#output.mark(outputMarks, at.side === 'output' ? [...outputMarks.keys()][0] : undefined);
  }

  #kernelPlanes(inputs: readonly number[], outputs: readonly number[], at: Place): number {
    return at.side === 'output' ? inputs.length : outputs.length;
  }

  /** The planes of weights between the chosen cell's channel and the channels on the other side. */
  #drawKernel(e: Evaluation, at: Place, inputs: readonly number[], outputs: readonly number[]): void {
    const { config, weight } = e;
    const pairs = at.side === 'output' ? inputs.map((i) => [i, at.channel]) : outputs.map((o) => [at.channel, o]);
    const plane = pairs.join();
    if (plane === this.#plane) return;
    this.#plane = plane;
    const [rows, columns] = config.kernel;
    const taps = rows * columns;
    const values = weight
      ? pairs.flatMap(([i, o]) => {
          const first = weightPlane(e, i, o) * taps;
          return [...weight.data.subarray(first, first + taps)];
        })
      : new Array<number>(taps).fill(config.operator === 'avg' ? 1 / taps : 1);
    const text = config.operator === 'max' ? () => '' : undefined;
    const names = pairs.map(([i, o]) => (at.side === 'output' ? `input ${i}` : `output ${o}`));
    this.#kernel.draw({ label: 'Kernel', channels: pairs.length, rows, columns, values, names, text });
    this.#kernelFigure.querySelector('h3')!.textContent = isPool(config.operator) ? 'Window' : 'Kernel';
  }
}
