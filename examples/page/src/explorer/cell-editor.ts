import { h } from '../dom.js';
import { MOST_EDIT } from './numbers.js';

/** A number as people type it, undefined where it is none or too large to show. */
export function readNumber(text: string): number | undefined {
  const value = text.trim() === '' ? Number.NaN : Number(text.replace('−', '-').replace(',', '.'));
  if (!(Math.abs(value) <= MOST_EDIT)) return undefined;
  // what the cell shows is what it holds
  return Math.round(value * 100) / 100;
}

/**
 * Puts a field into a cell, in which a number can be typed.
 * @param first what was typed already
 * @param done gets the number, undefined when it is left as it was, and whether the keyboard ended it
 */
export function editCell(
  cell: HTMLTableCellElement,
  label: string,
  first: string | undefined,
  done: (value: number | undefined, byKey: boolean) => void,
): void {
  const input = h('input', { class: 'edit', 'aria-label': label, autocomplete: 'off', maxlength: 7 });
  input.value = first ?? cell.dataset.value ?? '';
  let isOpen = true;
  const close = (value: number | undefined, byKey: boolean) => {
    if (!isOpen) return;
    isOpen = false;
    done(value, byKey);
  };
  input.addEventListener('keydown', (event) => {
    event.stopPropagation();
    if (event.key === 'Enter') close(readNumber(input.value), true);
    if (event.key === 'Escape') close(undefined, true);
  });
  // later: the grid may be about to be drawn anew
  input.addEventListener('blur', () => queueMicrotask(() => close(readNumber(input.value), false)));
  cell.replaceChildren(input);
  input.focus();
  if (first === undefined) input.select();
}
