import { h } from '../dom.js';
import { type Config, isPool } from './config.js';

/** What the colours and rings of the grids mean, and what can be done with them. */
export class Legend {
  readonly element = h('p', { id: 'legend', class: 'legend' });

  draw(config: Config, hasPadding: boolean): void {
    const item = (look: string, text: string) =>
      h('span', { class: 'item' }, h('span', { class: `key ${look}`, 'aria-hidden': 'true' }), ` ${text}`);
    const numbers = isPool(config.operator) ? 'of the input' : 'of input or kernel';
    this.element.replaceChildren(
      item('chosen', 'chosen cell'),
      item('window', 'its window, or what it goes to'),
      ...(config.operator === 'max' ? [item('winner', 'the largest')] : []),
      ...(hasPadding ? [item('padding', 'padding')] : []),
      item('plus', 'positive'),
      item('minus', 'negative'),
      h('span', { class: 'item' }, `A double click, or typing, changes a number ${numbers}.`),
    );
  }
}
