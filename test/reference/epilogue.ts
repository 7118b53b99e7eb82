import { plainSum } from './sums.js';
import { checkShape, field, isChannelsLast, type Layout, type Operand, type Result } from './tensor.js';

export type Activation = 'relu' | 'relu6' | 'hardTanh' | { readonly clamp: readonly [number, number] };

/**
 * What follows the sum: bias, then the residual `add`, then the activation. `y` is the saved output, which masks the
 * gradients.
 */
export interface EpilogueOptions {
  readonly bias?: ArrayLike<number> | Operand;
  readonly add?: Operand;
  readonly activation?: Activation;
  readonly y?: Operand;
}

const valuesOf = (bias: ArrayLike<number> | Operand): ArrayLike<number> => ('data' in bias ? bias.data : bias);

const boundsOf = (activation: Exclude<Activation, 'relu'>): readonly [number, number] =>
  activation === 'relu6' ? [0, 6] : activation === 'hardTanh' ? [-1, 1] : activation.clamp;

export function activate(value: number, activation: Activation | undefined): number {
  if (activation === undefined) return value;
  if (activation === 'relu') return Math.max(0, value);
  const [lo, hi] = boundsOf(activation);
  return Math.min(Math.max(value, lo), hi);
}

/** Whether the gradient passes an output that holds `y`. */
function passes(y: number, activation: Activation): boolean {
  if (activation === 'relu') return y > 0;
  const [lo, hi] = boundsOf(activation);
  return lo < y && y < hi;
}

/**
 * Adds bias and residual and activates. `channelOf` gives the bias element of a flat offset. The activations never
 * enlarge an error.
 */
export function finish(
  sum: Result,
  options: EpilogueOptions,
  channels: number,
  channelOf: (at: number) => number,
): Result {
  const bias = options.bias === undefined ? undefined : valuesOf(options.bias);
  if (bias !== undefined && bias.length !== channels)
    throw new Error(`bias has ${bias.length} elements, expected ${channels}`);
  if (options.add !== undefined) checkShape('add', options.add, sum.shape);
  const addends = (bias === undefined ? 0 : 1) + (options.add === undefined ? 0 : 1);
  const magnitude = new Float64Array(sum.data.length);
  const data = sum.data.map((value, at) => {
    const offset = bias === undefined ? 0 : bias[channelOf(at)];
    const residual = options.add === undefined ? 0 : options.add.data[at];
    magnitude[at] = sum.magnitude[at] + Math.abs(offset) + Math.abs(residual);
    return activate(value + offset + residual, options.activation);
  });
  return { data, shape: sum.shape, magnitude, terms: sum.terms + addends };
}

/** `finish` for a batch of maps, with the bias per channel. */
export function finishField(sum: Result, options: EpilogueOptions & { readonly layout?: Layout }): Result {
  const { channels, cells } = field(sum.shape, options.layout);
  const inner = isChannelsLast(options.layout) ? 1 : cells;
  return finish(sum, options, channels, (at) => Math.floor(at / inner) % channels);
}

/** gradY with zeros where the activation held the saved output y at a bound. */
export function masked(gradY: Operand, options: EpilogueOptions): Operand {
  const { activation, y } = options;
  if (activation === undefined) return gradY;
  if (y === undefined) throw new Error('the gradient of an activation needs the saved output y');
  checkShape('y', y, gradY.shape);
  return {
    data: Float64Array.from(gradY.data, (g, at) => (passes(y.data[at], activation) ? g : 0)),
    shape: gradY.shape,
  };
}

/** gradBias[c] += gradY[b, c, cell] */
export function biasGrad(gradY: Operand, options: EpilogueOptions & { readonly layout?: Layout } = {}): Result {
  const y = field(gradY.shape, options.layout);
  return plainSum(
    (visit) => {
      for (let b = 0; b < y.batch; b += 1) {
        for (let c = 0; c < y.channels; c += 1) {
          for (let cell = 0; cell < y.cells; cell += 1) visit(c, y.at(b, c, cell));
        }
      }
    },
    masked(gradY, options),
    [y.channels],
  );
}
