import { h } from '../dom.js';

/** Rows of cells that stand one below the other; planes beyond them are on other pages. */
const MOST_ROWS = 24;

/** Planes of so many rows that stand on a page. */
export const planesOnPage = (rows: number, channels: number): number =>
  Math.min(channels, Math.max(1, Math.floor(MOST_ROWS / rows)));

/** Shows some planes at a time. */
export class Pager {
  readonly element: HTMLElement;
  readonly #planes: readonly HTMLElement[];
  readonly #perPage: number;
  readonly #label = h('span', { class: 'size' });
  readonly #back = h('button', { type: 'button', 'aria-label': 'Channels before' }, '‹');
  readonly #on = h('button', { type: 'button', 'aria-label': 'Channels after' }, '›');
  #page = 0;

  constructor(planes: readonly HTMLElement[], perPage: number) {
    this.#planes = planes;
    this.#perPage = perPage;
    this.#back.addEventListener('click', () => this.#show(this.#page - 1));
    this.#on.addEventListener('click', () => this.#show(this.#page + 1));
    this.element = h('div', { class: 'pager' }, this.#back, this.#label, this.#on);
    this.element.hidden = planes.length <= perPage;
    this.#show(0);
  }

  /** Turns to the page that has a plane, or stays where it already has one of them. */
  reach(planes: readonly number[]): void {
    const pages = planes.map((plane) => Math.floor(plane / this.#perPage));
    if (pages.length > 0 && !pages.includes(this.#page)) this.#show(pages[0]);
  }

  #show(page: number): void {
    this.#page = page;
    const first = page * this.#perPage;
    const last = Math.min(this.#planes.length, first + this.#perPage) - 1;
    this.#planes.forEach((plane, i) => {
      plane.hidden = i < first || i > last;
    });
    this.#back.disabled = page === 0;
    this.#on.disabled = last === this.#planes.length - 1;
    this.#label.textContent = `${first === last ? first + 1 : `${first + 1} to ${last + 1}`} of ${this.#planes.length}`;
  }
}
