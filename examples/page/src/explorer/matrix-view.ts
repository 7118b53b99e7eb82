import type { SparseMatrix } from 'stridewise/matrix';
import { h } from '../dom.js';
import { count } from '../number.js';
import { colourOf, type Palette, palette, type Rgb } from './colour.js';

/** Entries beyond which a matrix is not drawn. */
const MOST_ENTRIES = 2 ** 21;
/** Pixels of the style sheet that a drawn entry takes at most, and a drawn matrix from top to bottom. */
const LARGEST_ENTRY = 18;
const TALLEST = 380;

/** A matrix as pixels, one an entry, enlarged by the style sheet; a row or a column can be lit. */
export class MatrixView {
  readonly element: HTMLElement;
  readonly #canvas = h('canvas', { role: 'img' });
  readonly #light = h('span', { class: 'light', hidden: true });
  readonly #frame: HTMLElement;
  readonly #size = h('span', { class: 'size' });
  readonly #note = h('p', { class: 'note' });
  readonly #name: string;
  #matrix: SparseMatrix | undefined;

  constructor(id: string, name: string) {
    this.#name = name;
    this.#frame = h('div', { class: 'matrix' }, this.#canvas, this.#light);
    this.element = h(
      'figure',
      { id, class: 'figure' },
      h('figcaption', {}, h('h3', {}, name), this.#size),
      this.#frame,
      this.#note,
    );
  }

  draw(matrix: SparseMatrix): void {
    const { rows, columns } = matrix;
    this.#matrix = matrix;
    const fits = rows * columns <= MOST_ENTRIES && rows <= 2 ** 14 && columns <= 2 ** 14;
    this.#frame.hidden = !fits;
    this.#size.textContent = `${rows} × ${columns}`;
    this.#note.textContent = fits
      ? ''
      : `${count(rows * columns, 'entry').replace('entrys', 'entries')}: too many to draw.`;
    if (!fits) return;
    this.#canvas.width = columns;
    this.#canvas.height = rows;
    this.#frame.style.setProperty('--widest', `${columns * LARGEST_ENTRY}px`);
    this.#frame.style.setProperty('--tallest', `${Math.ceil((columns / rows) * TALLEST)}px`);
    this.#paint(matrix, palette());
  }

  #paint({ rows, columns, rowStarts, columnIndices, values }: SparseMatrix, colours: Palette): void {
    const context = this.#canvas.getContext('2d')!;
    const image = context.createImageData(columns, rows);
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
    const put = (at: number, [r, g, b]: Rgb) => image.data.set([r, g, b, 255], 4 * at);
    for (let at = 0; at < rows * columns; at++) put(at, colours.empty);
    for (let row = 0; row < rows; row++) {
      for (let i = rowStarts[row]; i < rowStarts[row + 1]; i++) {
        put(row * columns + columnIndices[i], colourOf(values[i] / largest, colours));
      }
    }
    context.putImageData(image, 0, 0);
  }

  /** Lights a row or a column, and says what it is. */
  light(line: 'row' | 'column', index: number, meaning: string): void {
    const { rows, columns } = this.#matrix!;
    const part = (extent: number) => ({ from: `${(100 * index) / extent}%`, size: `${100 / extent}%` });
    const { from, size } = part(line === 'row' ? rows : columns);
    const style = this.#light.style;
    [style.top, style.height, style.left, style.width] =
      line === 'row' ? [from, size, '0', '100%'] : ['0', '100%', from, size];
    this.#light.hidden = false;
    this.#light.dataset.line = `${line} ${index}`;
    this.#canvas.setAttribute(
      'aria-label',
      `${this.#name}, ${rows} rows and ${columns} columns; ${line} ${index} is ${meaning}`,
    );
  }
}
