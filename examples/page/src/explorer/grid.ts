import { h } from '../dom.js';
import { show } from '../number.js';

/** A stack of planes of numbers, drawn as tables. */
export interface Planes {
  readonly label: string;
  readonly channels: number;
  readonly rows: number;
  readonly columns: number;
  readonly values: ArrayLike<number>;
  /** What stands under each plane, where there are several; `channel 0` and so on by default. */
  readonly names?: readonly string[];
  /** A class of a cell of a plane, such as `padding`. */
  readonly kind?: (cell: number) => string;
  /** Text of a cell where it is not its number. */
  readonly text?: (value: number, cell: number) => string;
}

export interface Picked {
  readonly channel: number;
  readonly row: number;
  readonly column: number;
}

/** Columns beyond which a grid is moved by touch instead of being drawn over. */
const WIDE = 14;

/** Strength of the colour behind a number, −1 to 1. */
const tint = (value: number, largest: number) => (Number.isFinite(value) && largest > 0 ? value / largest : 0);

/**
 * Tables whose cells can be chosen by hovering, touching, dragging and with the arrow keys.
 * @param pick is told which cell; without it the grid is only to look at
 */
export class Grid {
  readonly element = h('div', { class: 'planes' });
  #cells: HTMLTableCellElement[] = [];
  #planes: Planes | undefined;
  #marked = new Map<HTMLTableCellElement, string>();
  #focusable: HTMLTableCellElement | undefined;
  readonly #pick: ((picked: Picked) => void) | undefined;

  constructor(pick?: (picked: Picked) => void) {
    this.#pick = pick;
    if (pick) this.#listen();
  }

  draw(planes: Planes): void {
    this.#planes = planes;
    this.#cells = [];
    this.#marked.clear();
    const size = planes.rows * planes.columns;
    let largest = 0;
    for (let i = 0; i < planes.values.length; i++) {
      const v = Math.abs(planes.values[i]);
      if (Number.isFinite(v) && v > largest) largest = v;
    }
    const tables = Array.from({ length: planes.channels }, (_, channel) =>
      this.#table(planes, channel, channel * size, largest),
    );
    this.element.replaceChildren(...tables);
    this.element.classList.toggle('wide', planes.columns > WIDE);
    this.element.style.setProperty('--columns', String(planes.columns));
    this.#focusable = this.#cells[0];
    if (this.#pick && this.#focusable) this.#focusable.tabIndex = 0;
  }

  #table(planes: Planes, channel: number, first: number, largest: number): HTMLElement {
    const { rows, columns, values, kind, text, label, channels, names } = planes;
    const body = h('tbody');
    for (let row = 0; row < rows; row++) {
      const line = h('tr');
      for (let column = 0; column < columns; column++) {
        const cell = row * columns + column;
        const value = values[first + cell];
        const td = h('td', {}, text ? text(value, cell) : show(value));
        if (this.#pick) td.tabIndex = -1;
        td.dataset.at = String(first + cell);
        td.dataset.value = String(value);
        td.className = kind ? kind(cell) : '';
        const strength = tint(value, largest);
        if (strength !== 0) {
          td.classList.add(strength > 0 ? 'plus' : 'minus');
          td.style.setProperty('--strength', `${Math.round(Math.abs(strength) * 100)}%`);
        }
        line.append(td);
        this.#cells.push(td);
      }
      body.append(line);
    }
    const name = names?.[channel] ?? `channel ${channel}`;
    const table = h(
      'table',
      { 'aria-label': channels === 1 ? label : `${label}, ${name}`, role: this.#pick ? 'grid' : undefined },
      body,
    );
    return channels === 1 ? table : h('div', {}, table, h('span', { class: 'channel', 'aria-hidden': 'true' }, name));
  }

  /**
   * Gives cells a class until the next call, by their number over all planes; `chosen` is the one that the arrow keys
   * start from.
   */
  mark(marks: ReadonlyMap<number, string>, chosen?: number): void {
    for (const [cell, name] of this.#marked) cell.classList.remove(...name.split(' '));
    this.#marked.clear();
    for (const [at, name] of marks) {
      const cell = this.#cells[at];
      if (!cell) continue;
      cell.classList.add(...name.split(' '));
      this.#marked.set(cell, name);
    }
    for (const cell of this.element.querySelectorAll('[aria-selected]')) cell.removeAttribute('aria-selected');
    if (chosen !== undefined && this.#pick) this.#reach(this.#cells[chosen], true);
  }

  #reach(cell: HTMLTableCellElement, isChosen: boolean): void {
    if (this.#focusable) this.#focusable.tabIndex = -1;
    this.#focusable = cell;
    cell.tabIndex = 0;
    if (isChosen) cell.setAttribute('aria-selected', 'true');
    if (this.element.contains(document.activeElement)) cell.focus({ preventScroll: false });
  }

  #listen(): void {
    const picked = (target: EventTarget | null) => {
      const cell = target instanceof Element ? target.closest('td') : null;
      if (cell && this.element.contains(cell)) this.#report(Number(cell.dataset.at));
    };
    this.element.addEventListener('pointerover', (event) => {
      if (event.pointerType === 'mouse') picked(event.target);
    });
    this.element.addEventListener('pointerdown', (event) => picked(event.target));
    this.element.addEventListener('pointermove', (event) => {
      if (event.pointerType !== 'mouse' && event.buttons > 0)
        picked(document.elementFromPoint(event.clientX, event.clientY));
    });
    this.element.addEventListener('focusin', (event) => {
      if (event.target instanceof HTMLElement && event.target.matches(':focus-visible')) picked(event.target);
    });
    this.element.addEventListener('keydown', (event) => this.#key(event));
  }

  #report(at: number): void {
    const { rows, columns } = this.#planes!;
    this.#pick?.({
      channel: Math.floor(at / (rows * columns)),
      row: Math.floor(at / columns) % rows,
      column: at % columns,
    });
  }

  #key(event: KeyboardEvent): void {
    if (!(event.target instanceof HTMLTableCellElement) || event.ctrlKey || event.metaKey || event.altKey) return;
    const { rows, columns, channels } = this.#planes!;
    const at = Number(event.target.dataset.at);
    const [line, column] = [Math.floor(at / columns), at % columns];
    const lines = channels * rows;
    const moves: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [line, Math.max(0, column - 1)],
      ArrowRight: [line, Math.min(columns - 1, column + 1)],
      ArrowUp: [Math.max(0, line - 1), column],
      ArrowDown: [Math.min(lines - 1, line + 1), column],
      Home: [line, 0],
      End: [line, columns - 1],
      PageUp: [0, column],
      PageDown: [lines - 1, column],
    };
    const to = moves[event.key];
    if (!to) return;
    event.preventDefault();
    const cell = this.#cells[to[0] * columns + to[1]];
    this.#reach(cell, false);
    cell.focus();
    this.#report(Number(cell.dataset.at));
  }
}

/** A grid under its heading. */
export const figure = (id: string, title: string, grid: Grid, caption?: HTMLElement): HTMLElement =>
  h('figure', { id, class: 'figure' }, h('figcaption', {}, h('h3', {}, title), caption), grid.element);
