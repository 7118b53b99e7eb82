/** Plain-text tables, printed row by row as results come in. */

/** @typedef {{ title: string, width: number, align?: 'left' | 'right' }} Column */

/** @param {Column[]} columns */
export function table(columns) {
  const line = (/** @type {(string | number | undefined)[]} */ cells) =>
    columns
      .map(({ width, align = 'right' }, i) => {
        const text = String(cells[i] ?? '');
        return align === 'left' ? text.padEnd(width) : text.padStart(width);
      })
      .join('  ')
      .trimEnd();
  return { head: () => line(columns.map(({ title }) => title)), line };
}

/** Width of a column of titles. @param {string[]} titles */
export const widest = (titles) => Math.max(32, ...titles.map((title) => title.length));

/** About three digits: 0.0123, 1.23, 12.3, 123. @param {number} value */
export function digits(value) {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  return value.toFixed(Math.max(0, Math.min(4, 2 - Math.floor(Math.log10(Math.abs(value))))));
}

/** @param {number} ratio */
export const percent = (ratio) => `${(100 * ratio).toFixed(0)} %`;

/** @param {number} value */
export const power = (value) => (value === 0 ? '0' : value.toExponential(1));
