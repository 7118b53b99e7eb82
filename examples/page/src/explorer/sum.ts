import { h } from '../dom.js';
import type { Evaluation } from './evaluate.js';
import { largestOf, tint } from './planes.js';
import type { Part } from './terms.js';

/** The sentence about the chosen cell: its numbers in the colours that their cells have. */
export class Sum {
  readonly element = h('p', { id: 'sentence', class: 'sentence', role: 'status' });
  #largest = { x: 0, weight: 0, y: 0 };
  #height = 0;

  draw({ drawn, weight, y }: Evaluation): void {
    this.#largest = {
      x: largestOf(drawn.data),
      weight: weight ? largestOf(weight.data) : 0,
      y: largestOf(y.data),
    };
    this.#height = 0;
    this.element.style.minHeight = '';
  }

  show(parts: readonly Part[], isQuiet: boolean): void {
    this.element.setAttribute('aria-live', isQuiet ? 'off' : 'polite');
    this.element.replaceChildren(
      ...parts.map(({ text, of, value }) => {
        if (of === undefined || value === undefined) return text;
        const span = h('span', { class: 'term' }, text);
        tint(span, value, this.#largest[of]);
        return span;
      }),
    );
    // what stands below does not jump from cell to cell
    if (this.element.offsetHeight <= this.#height) return;
    this.#height = this.element.offsetHeight;
    this.element.style.minHeight = `${this.#height}px`;
  }
}
