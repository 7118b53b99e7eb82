import { h } from '../dom.js';
import type { Planes } from './planes.js';

/** The table of a channel, without numbers. `isUsed`: its cells can be reached. */
export function tableOf(
  { rows, columns, kind, label, channels, names }: Planes,
  channel: number,
  isUsed: boolean,
): { element: HTMLElement; cells: HTMLTableCellElement[] } {
  const cells: HTMLTableCellElement[] = [];
  const body = h('tbody');
  for (let row = 0; row < rows; row++) {
    const line = h('tr');
    for (let column = 0; column < columns; column++) {
      const cell = row * columns + column;
      const td = h('td', { class: kind?.(cell) ?? '', tabindex: isUsed && -1 });
      td.dataset.at = String(channel * rows * columns + cell);
      line.append(td);
      cells.push(td);
    }
    body.append(line);
  }
  const name = names?.[channel] ?? `channel ${channel}`;
  const table = h(
    'table',
    { 'aria-label': channels === 1 ? label : `${label}, ${name}`, role: isUsed ? 'grid' : undefined },
    body,
  );
  const captioned = () => h('div', {}, table, h('span', { class: 'channel', 'aria-hidden': 'true' }, name));
  return { element: channels === 1 ? table : captioned(), cells };
}
