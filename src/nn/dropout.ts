import { OptionError } from '../errors.js';
import { checkOptions, integer } from '../shape/options.js';
import { show } from '../shape/show.js';
import { checkTensor } from '../shape/tensor.js';
import type { Tensor } from '../types.js';
import { named, type OutOption, outOf, run } from './run.js';

/** Options of `dropout`. */
export interface DropoutOptions extends OutOption {
  /** Share of the numbers that become 0, from 0 to 1; default 0.5. */
  readonly p?: number | undefined;
  /** Which ones: the same for the same seed, on every machine. An integer of at least 0. */
  readonly seed: number;
}

const dropped =
  (name: string, operand: string) =>
  (x: Tensor, options: DropoutOptions): Tensor => {
    const o = checkOptions(name, options, ['p', 'seed', 'out']);
    const p = o.p ?? 0.5;
    if (typeof p !== 'number' || !(p >= 0 && p <= 1))
      throw new OptionError(`p is ${show(p)}, expected a number from 0 to 1`);
    if (o.seed === undefined) throw new OptionError('seed is required: an integer, another one for each call');
    const seed = integer('seed', o.seed, 0);
    const { data, shape } = checkTensor(operand, x);
    const out = outOf(o.out, shape, [named(operand, x)], true);
    const count = data.length;
    const least = Math.round(p * 2 ** 32);
    return run([x], [{ shape, out }], {
      bytes: 0,
      run({ kernels, arena, from, to }) {
        if (least >= 2 ** 32) arena.f32(to[0], count).fill(0);
        else kernels.dropout(to[0], from[0], count, seed, least | 0, 1 / (1 - p));
      },
    })[0];
  };

/**
 * Zeros a share `p` of the numbers, chosen by `seed`, and divides the others by 1 - p. `out` may be `x`.
 * @throws OptionError
 * @example
 * const y = dropout(tensor([1, 1, 1, 1], [4]), { p: 0.5, seed: 1 });
 * console.log(y.data.every((value) => value === 0 || value === 2)); // true
 */
export const dropout: (x: Tensor, options: DropoutOptions) => Tensor = dropped('dropout', 'x');

/**
 * Gradient of `dropout` for x, with the same options: the same places are zero.
 * @example
 * const options = { p: 0.5, seed: 1 };
 * const [y, gradX] = [dropout(tensor([1, 1], [2]), options), dropoutInputGrad(tensor([1, 1], [2]), options)];
 * console.log(gradX.data.every((value, i) => value === y.data[i])); // true
 */
export const dropoutInputGrad: (gradY: Tensor, options: DropoutOptions) => Tensor = dropped(
  'dropoutInputGrad',
  'gradY',
);
