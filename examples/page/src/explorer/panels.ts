import { transpose } from 'stridewise/matrix';
import { card, h } from '../dom.js';
import { show } from '../number.js';
import { type Config, isPool } from './config.js';
import { type Equivalent, equivalentOf } from './equivalent.js';
import type { Evaluation } from './evaluate.js';
import { formulaOf, lettersOf } from './formula.js';
import { gradientsOf } from './gradients.js';
import { figure, Grid } from './grid.js';
import { matrixOf, type OperatorMatrix } from './matrix.js';
import { MatrixView } from './matrix-view.js';
import { overlapOf } from './overlap.js';
import { flat, type Place } from './place.js';

/** A card beside the grids. */
export interface Panel {
  readonly element: HTMLElement;
  draw(evaluation: Evaluation): void;
  light(at: Place): void;
}

/** The size formula, which stands also where there is nothing else to show. */
export function formulaPanel() {
  const body = h('div', { class: 'formula' });
  const element = card('formula', 'Output size', body);
  return {
    element,
    /** @param hasNumbers the numbers are such that the formula can be filled in */
    draw(config: Config, hasNumbers: boolean) {
      const axes = hasNumbers ? formulaOf(config) : [];
      const isOne = axes[0]?.numbers === axes[1]?.numbers;
      const lines = axes
        .slice(0, isOne ? 1 : 2)
        .map(({ name, numbers, result }) =>
          h(
            'p',
            { class: 'line' },
            h('span', { class: 'axis' }, isOne ? 'height and width' : name),
            h('span', { class: 'math' }, `${numbers} = `, h('strong', {}, show(result))),
          ),
        );
      body.replaceChildren(h('p', { class: 'math letters' }, lettersOf(config)), ...lines);
    },
  };
}

const cells = (planes: { shape: readonly number[]; data: ArrayLike<number> }, label: string) => {
  const [, channels, rows, columns] = planes.shape;
  return { label, channels, rows, columns, values: planes.data };
};

export function gradientPanel(): Panel {
  const x = new Grid();
  const weight = new Grid();
  const y = new Grid();
  const intro = h('p');
  const figures = {
    x: figure('grad-x', '∂y / ∂x', x),
    weight: figure('grad-weight', '∂y / ∂w', weight),
    y: figure('grad-y', '∂y / ∂x', y),
  };
  let evaluation: Evaluation;
  return {
    element: card('gradients', 'Gradients of the chosen cell', intro, h('div', { class: 'figures' }, ...Object.values(figures))),
    draw(e) {
      evaluation = e;
    },
    light(at) {
      const gradients = gradientsOf(evaluation, at);
      intro.textContent =
        at.side === 'output'
          ? `How this output cell changes with every input cell${gradients.weight ? ' and every weight' : ''}.`
          : 'How every output cell changes with this input cell.';
      figures.x.hidden = !gradients.x;
      figures.weight.hidden = !gradients.weight;
      figures.y.hidden = !gradients.y;
      if (gradients.x) x.draw(cells(gradients.x, 'Gradient of the input'));
      if (gradients.y) y.draw(cells(gradients.y, 'Gradient of the output'));
      if (gradients.weight) {
        const [a, b, rows, columns] = gradients.weight.shape;
        weight.draw({ label: 'Gradient of the weights', channels: a * b, rows, columns, values: gradients.weight.data });
      }
    },
  };
}

const words: Readonly<Record<Config['operator'], string>> = {
  conv: 'y = C x: each row of C holds the weights where one window lies.',
  transposed: 'y = Cᵀ x: the matrix of the convolution that goes the other way, transposed.',
  avg: 'y = C x: each row of C averages one window.',
  max: 'Max pooling is not linear. For these numbers, and near them, y = C x with this C.',
};

export function matrixPanel(): Panel {
  const direct = new MatrixView('matrix-c', 'C');
  const transposed = new MatrixView('matrix-ct', 'Cᵀ');
  const intro = h('p');
  let evaluation: Evaluation;
  let operator: OperatorMatrix;
  return {
    element: card('matrix', 'As a matrix', intro, h('div', { class: 'figures' }, direct.element, transposed.element)),
    draw(e) {
      evaluation = e;
      operator = matrixOf(e);
      const { matrix } = operator;
      intro.textContent = `${words[e.config.operator]} ${matrix.values.length} of ${matrix.rows * matrix.columns} entries are stored.`;
      direct.draw(matrix);
      transposed.draw(transpose(matrix));
    },
    light(at) {
      const { x, y } = evaluation;
      const { shape } = at.side === 'output' ? y : x;
      const index = flat(at, { channels: shape[1], rows: shape[2], columns: shape[3] });
      const meaning = `the ${at.side} cell ${at.channel}, ${at.row}, ${at.column}`;
      // The result's cells are the rows of the matrix that makes it.
      const isRow = (at.side === 'output') !== operator.isTransposed;
      direct.light(isRow ? 'row' : 'column', index, meaning);
      transposed.light(isRow ? 'column' : 'row', index, meaning);
    },
  };
}

export function overlapPanel(): Panel {
  const grid = new Grid();
  const intro = h('p');
  return {
    element: card('overlap', 'Overlap', intro, grid.element),
    draw(e) {
      const overlap = overlapOf(e);
      const counts = [...new Set(overlap.data)].sort((a, b) => a - b);
      const where = e.config.operator === 'transposed' ? 'output' : 'input';
      const what = isPool(e.config.operator) ? 'windows' : 'kernels';
      const spread = counts.length === 1 ? `${counts[0]}` : `${counts[0]} to ${counts[counts.length - 1]}`;
      const checker = ([0, 1] as const).some(
        (a) => e.config.kernel[a] % e.config.stride[a] !== 0 && e.config.kernel[a] > e.config.stride[a],
      );
      const verdict = checker
        ? ' The stride does not divide the kernel: the uneven counts are the checkerboard that such layers leave behind.'
        : '';
      intro.textContent = `How many ${what} cover each cell of the ${where}: ${spread}.${verdict}`;
      grid.element.classList.add('heat');
      grid.draw(cells(overlap, `Overlap on the ${where}`));
    },
    light() {},
  };
}

const pairText = ([a, b]: readonly number[]) => (a === b ? `${a}` : `${a} and ${b}`);

function stepsOf({ insertedZeros, extra, padding }: Equivalent): string {
  const some = (numbers: readonly number[]) => numbers.some((n) => n !== 0);
  const pads = padding.map(pairText);
  const crops = padding.flat().some((n) => n < 0);
  const rows = pads[0] === pads[1] ? pads[0] : `${pads[0]} (height), ${pads[1]} (width)`;
  const steps = [
    some(insertedZeros) &&
      `insert ${pairText(insertedZeros)} ${Math.max(...insertedZeros) === 1 ? 'zero' : 'zeros'} between neighbours`,
    some(extra) && `append ${pairText(extra)} at the end`,
    `pad by ${rows}${crops ? ' (a negative number crops)' : ''}`,
    'convolve with stride 1 and the kernel turned by half a turn',
  ].filter((step) => step !== false);
  const text = steps.join(', ');
  return `${text[0].toUpperCase()}${text.slice(1)}: the same numbers.`;
}

export function equivalentPanel(): Panel {
  const stretched = new Grid();
  const kernel = new Grid();
  const result = new Grid();
  const intro = h('p');
  const element = card(
    'equivalent',
    'As a direct convolution',
    intro,
    h(
      'div',
      { class: 'figures' },
      figure('stretched', 'Stretched input', stretched),
      figure('turned', 'Turned kernel', kernel),
      figure('direct', 'Result', result),
    ),
  );
  let equivalent: Equivalent | undefined;
  let evaluation: Evaluation;
  return {
    element,
    draw(e) {
      evaluation = e;
      element.hidden = e.config.operator !== 'transposed';
      equivalent = element.hidden ? undefined : equivalentOf(e);
      if (!equivalent) return;
      const { sources } = equivalent;
      intro.textContent = stepsOf(equivalent);
      stretched.draw({ ...cells(equivalent.stretched, 'Stretched input'), kind: (cell) => (sources[cell] < 0 ? 'padding' : '') });
      const [oc, perInput, rows, columns] = equivalent.weight.shape;
      kernel.draw({ label: 'Turned kernel', channels: oc * perInput, rows, columns, values: equivalent.weight.data });
      result.draw(cells(equivalent.y, 'Result'));
    },
    light(at) {
      if (!equivalent) return;
      const { config, y } = evaluation;
      const [, channels, rows, columns] = equivalent.stretched.shape;
      const marks = new Map<number, string>();
      if (at.side === 'output') {
        const perGroup = config.ic / config.groups;
        const first = Math.floor(at.channel / (config.oc / config.groups)) * perGroup;
        for (let channel = first; channel < first + perGroup; channel++) {
          for (let tap = 0; tap < config.kernel[0] * config.kernel[1]; tap++) {
            const row = at.row + Math.floor(tap / config.kernel[1]) * config.dilation[0];
            const column = at.column + (tap % config.kernel[1]) * config.dilation[1];
            marks.set((channel * rows + row) * columns + column, 'window');
          }
        }
        result.mark(new Map([[flat(at, { channels: y.shape[1], rows: y.shape[2], columns: y.shape[3] }), 'chosen']]));
      } else {
        const cell = equivalent.sources.indexOf(at.row * config.input[1] + at.column);
        if (cell >= 0 && at.channel < channels) marks.set(at.channel * rows * columns + cell, 'chosen');
        result.mark(new Map());
      }
      stretched.mark(marks);
    },
  };
}
