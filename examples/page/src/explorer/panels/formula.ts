import { card, h } from '../../dom.js';
import { show } from '../../number.js';
import type { Config } from '../config.js';
import { formulaOf, lettersOf } from '../formula.js';

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
