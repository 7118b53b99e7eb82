import type { Config } from './config.js';
import { padOf } from './pads.js';

/** The size formula with the numbers of an axis, and what comes out, also where that is no size. */
export interface Filled {
  readonly name: string;
  readonly numbers: string;
  readonly result: number;
}

/** The size formula in letters. */
export function lettersOf({ operator }: Config): string {
  if (operator === 'transposed') return 'o = (i − 1) s − p₀ − p₁ + d (k − 1) + 1 + a';
  return `o = ⌊(i + p₀ + p₁ − ${operator === 'avg' ? '' : 'd '}(k − 1) − 1) / s⌋ + 1`;
}

/** The size formula with its numbers filled in, for height and width. The numbers must be in their limits. */
export function formulaOf(config: Config): Filled[] {
  const isTransposed = config.operator === 'transposed';
  return ([0, 1] as const).map((axis) => {
    const [i, k, s] = [config.input[axis], config.kernel[axis], config.stride[axis]];
    const d = config.operator === 'avg' ? 1 : config.dilation[axis];
    const a = config.outputPadding[axis];
    const [p0, p1] = padOf(config, axis);
    const name = ['height', 'width'][axis];
    if (isTransposed) {
      const numbers = `(${i} − 1) · ${s} − ${p0} − ${p1} + ${d} · (${k} − 1) + 1 + ${a}`;
      return { name, numbers, result: (i - 1) * s - p0 - p1 + d * (k - 1) + 1 + a };
    }
    const span = `${config.operator === 'avg' ? '' : `${d} · `}(${k} − 1)`;
    const numbers = `⌊(${i} + ${p0} + ${p1} − ${span} − 1) / ${s}⌋ + 1`;
    return { name, numbers, result: Math.floor((i + p0 + p1 - d * (k - 1) - 1) / s) + 1 };
  });
}
