import { card, h } from '../../dom.js';
import { show } from '../../number.js';
import { type Config, type Letter, letters } from '../config.js';
import { formulaOf, lettersOf } from '../formula.js';

/** A formula whose letters say what they stand for. */
const marked = (formula: string) =>
  formula
    .split(/(p[₀₁]|[oiksda])/)
    .map((part) => (Object.hasOwn(letters, part) ? h('var', { title: letters[part as Letter] }, part) : part));

/** The same to read: a tooltip needs a mouse. */
function meanings(config: Config): HTMLElement {
  const formula = lettersOf(config);
  const used = (Object.keys(letters) as Letter[]).filter((letter) => formula.includes(letter));
  const items = used.map((letter) => h('div', {}, h('dt', { class: 'math' }, letter), h('dd', {}, letters[letter])));
  const floor = formula.includes('⌊') && h('div', {}, h('dt', { class: 'math' }, '⌊ ⌋'), h('dd', {}, 'rounded down'));
  return h('dl', { class: 'meanings' }, ...items, floor);
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
      body.replaceChildren(h('p', { class: 'math letters' }, ...marked(lettersOf(config))), ...lines, meanings(config));
    },
  };
}
