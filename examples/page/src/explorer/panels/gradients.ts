import { card, h } from '../../dom.js';
import type { Evaluation } from '../evaluate.js';
import { gradientsOf } from '../gradients.js';
import { figure, Grid } from '../grid.js';
import { planesOf } from '../planes.js';
import { weightNames } from '../terms.js';
import type { Panel } from './panel.js';

/** Gradients of the chosen cell. */
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
    element: card(
      'gradients',
      'Gradients of the chosen cell',
      intro,
      h('div', { class: 'figures' }, ...Object.values(figures)),
    ),
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
      if (gradients.x) x.draw(planesOf(gradients.x, 'Gradient of the input'));
      if (gradients.y) y.draw(planesOf(gradients.y, 'Gradient of the output'));
      if (gradients.weight) {
        const [a, b, rows, columns] = gradients.weight.shape;
        weight.draw({
          label: 'Gradient of the weights',
          channels: a * b,
          rows,
          columns,
          values: gradients.weight.data,
          names: weightNames(evaluation.config),
        });
      }
    },
  };
}
