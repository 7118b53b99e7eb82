/** Numbers as people read them: at most two decimals, a real minus sign, no negative zero. */
export function show(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value < 0 ? '−∞' : '∞';
  const rounded = Math.round(value * 100) / 100;
  return String(rounded === 0 ? 0 : rounded).replace('-', '−');
}

/** `1 cell`, `2 cells`. */
export const count = (n: number, word: string): string => `${show(n)} ${word}${n === 1 ? '' : 's'}`;
