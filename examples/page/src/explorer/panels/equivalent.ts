import { card, h } from '../../dom.js';
import { type Equivalent, equivalentOf } from '../equivalent.js';
import type { Evaluation } from '../evaluate.js';
import { figure, Grid } from '../grid.js';
import { flat } from '../place.js';
import { planesOf } from '../planes.js';
import { weightNames } from '../terms.js';
import type { Panel } from './panel.js';

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

/** The direct convolution that a transposed one equals. */
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
      stretched.draw({
        ...planesOf(equivalent.stretched, 'Stretched input'),
        kind: (cell) => (sources[cell] < 0 ? 'padding' : ''),
      });
      const [oc, perInput, rows, columns] = equivalent.weight.shape;
      kernel.draw({
        label: 'Turned kernel',
        channels: oc * perInput,
        rows,
        columns,
        values: equivalent.weight.data,
        names: weightNames(e.config, true),
      });
      result.draw(planesOf(equivalent.y, 'Result'));
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
