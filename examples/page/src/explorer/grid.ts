import { h } from '../dom.js';
import { show } from '../number.js';
import { editCell } from './cell-editor.js';
import { cellAfter } from './moves.js';
import { Pager, planesOnPage } from './pager.js';
import { largestOf, type Planes, tint } from './planes.js';
import { tableOf } from './table.js';

export interface Picked {
  readonly channel: number;
  readonly row: number;
  readonly column: number;
}

/** What people can do with a grid; without any of it the grid is only to look at. */
export interface Uses {
  /** Is told which cell is looked at. */
  pick?(picked: Picked): void;
  /** A cell that takes a number. */
  canEdit?(picked: Picked): boolean;
  /** Is told the number. */
  edit?(picked: Picked, value: number): void;
}

/** Columns beyond which a grid is moved by touch instead of being drawn over. */
const WIDE = 14;

/** Milliseconds between the two clicks of a double click, or two taps. */
const DOUBLE = 500;

/** Tables whose cells can be chosen by hovering, touching, dragging and with the arrow keys, and typed into. */
export class Grid {
  readonly element = h('div', { class: 'planes' });
  #cells: HTMLTableCellElement[] = [];
  #planes: Planes | undefined;
  #pager: Pager | undefined;
  #marked = new Map<HTMLTableCellElement, string>();
  #focusable: HTMLTableCellElement | undefined;
  readonly #uses: Uses | undefined;
  #isEditing = false;
  #clicked = { at: -1, time: 0 };

  constructor(uses?: Uses) {
    this.#uses = uses;
    if (uses) this.#listen();
  }

  /** Somebody is typing. */
  get isEditing(): boolean {
    return this.#isEditing;
  }

  draw(planes: Planes): void {
    this.#planes = planes;
    this.#cells = [];
    this.#marked.clear();
    this.#isEditing = false;
    const tables = Array.from({ length: planes.channels }, (_, channel) => {
      const { element, cells } = tableOf(planes, channel, this.#uses !== undefined);
      this.#cells.push(...cells);
      return element;
    });
    const perPage = planesOnPage(planes.rows, planes.channels);
    this.#pager = new Pager(tables, perPage);
    this.element.replaceChildren(...tables, this.#pager.element);
    this.element.classList.toggle('wide', planes.columns > WIDE);
    this.element.style.setProperty('--columns', String(planes.columns));
    this.element.style.setProperty('--rows', String(planes.rows * perPage));
    this.fill(planes.values, planes.text);
    this.#focusable = this.#cells[0];
    if (this.#uses && this.#focusable) this.#focusable.tabIndex = 0;
  }

  /** Puts other numbers into the cells. */
  fill(values: ArrayLike<number>, text?: Planes['text']): void {
    const { rows, columns, largest = largestOf(values) } = this.#planes!;
    const size = rows * columns;
    this.#cells.forEach((cell, at) => {
      const value = values[at];
      cell.dataset.value = String(value);
      cell.textContent = text ? text(value, at % size, Math.floor(at / size)) : show(value);
      tint(cell, value, largest);
    });
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
    const { rows, columns } = this.#planes!;
    this.#pager!.reach(
      (chosen === undefined ? [...marks.keys()] : [chosen]).map((at) => Math.floor(at / rows / columns)),
    );
    if (chosen !== undefined && this.#uses?.pick) this.#reach(this.#cells[chosen], true);
  }

  #reach(cell: HTMLTableCellElement, isChosen: boolean): void {
    if (this.#focusable) this.#focusable.tabIndex = -1;
    this.#focusable = cell;
    cell.tabIndex = 0;
    if (isChosen) cell.setAttribute('aria-selected', 'true');
    if (document.activeElement instanceof HTMLTableCellElement && this.element.contains(document.activeElement))
      cell.focus({ preventScroll: false });
  }

  #listen(): void {
    const cellOf = (target: EventTarget | null) => {
      const cell = target instanceof Element ? target.closest('td') : null;
      return cell && this.element.contains(cell) ? cell : undefined;
    };
    const picked = (target: EventTarget | null) => {
      const cell = cellOf(target);
      if (cell && !this.#isEditing) this.#uses!.pick?.(this.#placeOf(cell));
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
      if (event.target instanceof HTMLTableCellElement && event.target.matches(':focus-visible')) picked(event.target);
    });
    this.element.addEventListener('keydown', (event) => this.#key(event));
    this.element.addEventListener('click', (event) => {
      const cell = cellOf(event.target);
      if (!cell) return;
      const at = Number(cell.dataset.at);
      const isDouble = at === this.#clicked.at && event.timeStamp - this.#clicked.time < DOUBLE;
      this.#clicked = { at, time: event.timeStamp };
      if (isDouble) this.#edit(cell);
    });
  }

  #placeOf(cell: HTMLTableCellElement): Picked {
    const { rows, columns } = this.#planes!;
    const at = Number(cell.dataset.at);
    return { channel: Math.floor(at / (rows * columns)), row: Math.floor(at / columns) % rows, column: at % columns };
  }

  /** Lets somebody type a number into a cell; what is there already has been typed. */
  #edit(cell: HTMLTableCellElement, typed?: string): void {
    const picked = this.#placeOf(cell);
    if (this.#isEditing || !this.#uses?.canEdit?.(picked)) return;
    this.#isEditing = true;
    const { label } = this.#planes!;
    const text = cell.textContent;
    editCell(cell, `${label}, row ${picked.row}, column ${picked.column}`, typed, (value, byKey) => {
      this.#isEditing = false;
      if (value === undefined) cell.textContent = text;
      else this.#uses!.edit!(picked, value);
      // the cell may be another by now
      if (byKey) this.#cells[Number(cell.dataset.at)]?.focus();
    });
  }

  #key(event: KeyboardEvent): void {
    if (!(event.target instanceof HTMLTableCellElement) || event.ctrlKey || event.metaKey || event.altKey) return;
    const { rows, columns } = this.#planes!;
    const at = Number(event.target.dataset.at);
    if (/^(Enter|F2|[-\d.])$/.test(event.key)) {
      event.preventDefault();
      this.#edit(event.target, event.key.length === 1 ? event.key : undefined);
      return;
    }
    const to = cellAfter(event.key, at, this.#planes!);
    if (to === undefined) return;
    event.preventDefault();
    const cell = this.#cells[to];
    this.#pager!.reach([Math.floor(to / columns / rows)]);
    this.#reach(cell, false);
    cell.focus();
    this.#uses!.pick?.(this.#placeOf(cell));
  }
}

/** A grid under its heading. */
export const figure = (id: string, title: string, grid: Grid, caption?: HTMLElement): HTMLElement =>
  h('figure', { id, class: 'figure' }, h('figcaption', {}, h('h3', {}, title), caption), grid.element);
