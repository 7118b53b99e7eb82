import { h } from '../dom.js';
import { show } from '../number.js';
import { type Config, isPool } from './config.js';
import type { Evaluation } from './evaluate.js';
import { figure, Grid, type Picked } from './grid.js';
import { Legend } from './legend.js';
import { marksOf } from './marks.js';
import type { Place } from './place.js';
import { planesOf } from './planes.js';
import type { Stamped } from './stamp.js';
import { isReal } from './terms.js';
import { type Window, windowOf } from './window.js';

/** What people do on the grids. */
export interface Actions {
  pick(side: Place['side'], picked: Picked): void;
  /** Sets a number of the input or of the weights, at a plane, row and column. */
  edit(of: 'x' | 'weight', picked: Picked, value: number): void;
}

/** What stands between the input and the window. */
const signOf = ({ operator, kernel }: Config): string => {
  if (operator === 'max') return '→ max of';
  if (operator === 'avg') return `→ 1/${kernel[0] * kernel[1]} · sum of`;
  return operator === 'transposed' ? '∗ᵀ' : '∗';
};

/** The input, the kernel and the output, with the window lit. */
export class Stage {
  readonly element: HTMLElement;
  readonly legend = new Legend();
  readonly #input: Grid;
  readonly #kernel: Grid;
  readonly #output: Grid;
  readonly #kernelFigure: HTMLElement;
  readonly #sign = h('span', { class: 'sign' });
  readonly #sizes = {
    input: h('span', { class: 'size' }),
    kernel: h('span', { class: 'size' }),
    output: h('span', { class: 'size' }),
  };
  #evaluation: Evaluation | undefined;
  #window: Window | undefined;
  #windowKey = '';
  #isStamped = false;

  constructor({ pick, edit }: Actions) {
    const real = ({ row, column }: Picked) => {
      const { axes } = this.#evaluation!;
      return { row: axes[0].sources[row], column: axes[1].sources[column] };
    };
    const isInside = (at: { row: number; column: number }) => at.row >= 0 && at.column >= 0;
    this.#input = new Grid({
      pick: (picked) => {
        if (isInside(real(picked))) pick('input', { ...picked, ...real(picked) });
      },
      canEdit: (picked) => isInside(real(picked)),
      edit: (picked, value) => edit('x', { ...picked, ...real(picked) }, value),
    });
    this.#kernel = new Grid({
      canEdit: ({ channel }) => this.#window!.weightPlanes[channel] !== undefined,
      edit: (picked, value) =>
        edit('weight', { ...picked, channel: this.#window!.weightPlanes[picked.channel] }, value),
    });
    this.#output = new Grid({ pick: (picked) => pick('output', picked) });
    this.#kernelFigure = figure('kernel', 'Kernel', this.#kernel, this.#sizes.kernel);
    this.element = h(
      'div',
      { class: 'stage' },
      figure('input', 'Input', this.#input, this.#sizes.input),
      this.#sign,
      this.#kernelFigure,
      h('span', { class: 'sign' }, '='),
      figure('output', 'Output', this.#output, this.#sizes.output),
    );
  }

  draw(evaluation: Evaluation): void {
    this.#evaluation = evaluation;
    this.#windowKey = '';
    this.#isStamped = false;
    const { drawn, y, config, pads } = evaluation;
    const [, , , columns] = drawn.shape;
    const isPadding = (cell: number) => {
      const [row, column] = [Math.floor(cell / columns) - pads[0][0], (cell % columns) - pads[1][0]];
      return row < 0 || column < 0 || row >= config.input[0] || column >= config.input[1];
    };
    const isDrawn = config.operator !== 'transposed';
    this.#input.draw({
      ...planesOf(drawn, 'Input'),
      kind: (cell) => (isDrawn && isPadding(cell) ? 'padding' : ''),
      text: config.operator === 'max' ? (value, cell) => (isReal(evaluation, cell) ? show(value) : '') : undefined,
    });
    this.#output.draw(planesOf(y, 'Output'));
    this.#sizes.input.textContent = config.input.join(' × ');
    this.#sizes.kernel.textContent = config.kernel.join(' × ');
    this.#sizes.output.textContent = y.shape.slice(2).join(' × ');
    this.#sign.textContent = signOf(config);
    this.#kernelFigure.querySelector('h3')!.textContent = isPool(config.operator) ? 'Window' : 'Kernel';
    this.element.style.setProperty('--total', String(columns + config.kernel[1] + y.shape[3]));
    this.legend.draw(config, isDrawn && pads.flat().some((n) => n > 0));
  }

  /** @param stamped what a transposed convolution that is played by its input cells has so far */
  light(at: Place, stamped?: Stamped): void {
    const e = this.#evaluation!;
    const { input, output, taps, winner } = marksOf(e, at);
    this.#drawWindow(e, at);
    const plane = e.config.kernel[0] * e.config.kernel[1];
    const { channels } = this.#window!.planes;
    this.#kernel.mark(
      new Map(
        Array.from({ length: channels }, (_, channel) =>
          [...taps].map((tap) => [channel * plane + tap, tap === winner ? 'window winner' : 'window'] as const),
        ).flat(),
      ),
    );
    if (stamped) {
      const { layers } = stamped;
      const size = layers.shape[2] * layers.shape[3];
      this.#output.fill(stamped.y.data, (value, cell, channel) =>
        layers.data[channel * size + cell] > 0 ? show(value) : '',
      );
    } else if (this.#isStamped) this.#output.fill(e.y.data);
    this.#isStamped = stamped !== undefined;
    this.#input.mark(input, at.side === 'input' ? [...input.keys()][0] : undefined);
    this.#output.mark(output, at.side === 'output' ? [...output.keys()][0] : undefined);
  }

  #drawWindow(e: Evaluation, at: Place): void {
    if (this.#kernel.isEditing) return;
    const window = windowOf(e, at);
    const key = `${window.weightPlanes} ${window.planes.names} ${isPool(e.config.operator) ? Object.values(at) : ''}`;
    if (key === this.#windowKey) return;
    this.#windowKey = key;
    this.#window = window;
    this.#kernel.draw(window.planes);
  }
}
