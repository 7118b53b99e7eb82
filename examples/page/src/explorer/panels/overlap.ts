import { card, h } from '../../dom.js';
import { isPool } from '../config.js';
import { Grid } from '../grid.js';
import { overlapOf } from '../overlap.js';
import { planesOf } from '../planes.js';
import type { Panel } from './panel.js';

/** How often each cell is covered, as a heat map. */
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
      grid.draw(planesOf(overlap, `Overlap on the ${where}`));
    },
    light() {},
  };
}
