import { OptionError } from '../errors.js';
import { checkOptions, flag, oneOf } from '../shape/options.js';
import { show } from '../shape/show.js';
import { checkShaped, checkTensor, sizeOf } from '../shape/tensor.js';
import type { Tensor } from '../types.js';
import { ADD, BCE, MSE } from './boundary.js';
import { elementwise } from './elementwise.js';
import { addTables, run } from './run.js';

/** What becomes of the losses of all elements. */
export type Reduction = 'mean' | 'sum' | 'none';

/** Options of every loss. */
export interface LossOptions {
  /** Default `'mean'`. With `'none'` the gradient is that of the sum. */
  readonly reduction?: Reduction | undefined;
  /** Which gradients to make in the same pass; default none. */
  readonly wanted?: { readonly x?: boolean | undefined } | undefined;
}

/** A loss: one number in a tensor of shape [], or with `reduction: 'none'` one of each element. */
export interface Loss {
  readonly loss: Tensor;
  /** Where it was asked for. */
  readonly gradX?: Tensor;
}

/** Reads the options of a loss. */
export function lossOptions(name: string, options: unknown, more: readonly string[] = []) {
  const o = checkOptions(name, options, ['reduction', 'wanted', ...more]);
  const reduction = oneOf<Reduction>('reduction', o.reduction, ['mean', 'sum', 'none'], 'mean');
  if (o.wanted !== undefined && (typeof o.wanted !== 'object' || o.wanted === null))
    throw new OptionError(`wanted is ${show(o.wanted)}, expected { x: true }`);
  const wanted = flag('wanted.x', checkOptions('wanted', o.wanted, ['x']).x, false);
  return { o, reduction, wanted };
}

/** Options of `bceWithLogits`. Weights broadcast to the shape of x: one for each class of the last axis, say. */
export interface BceOptions extends LossOptions {
  /** Weights of the losses, default 1. The mean divides by their number, as PyTorch's does. */
  readonly weight?: Float32Array | Tensor | undefined;
  /** Weights of targets of 1; default 1. */
  readonly posWeight?: Float32Array | Tensor | undefined;
}

const zero: Tensor = { data: new Float32Array(1), shape: [] };

/** A number for each element of x. */
function weightsOf(name: string, value: unknown, x: Tensor): Tensor | undefined {
  if (value === undefined) return undefined;
  const own = value instanceof Float32Array ? { data: value, shape: [value.length] } : checkTensor(name, value);
  const weights = elementwise(
    ADD,
    [
      [name, own],
      ['0', zero],
      ['x', x],
    ],
    undefined,
  );
  checkShaped(`${name} with x`, weights, x.shape);
  return weights;
}

/** Losses that are summed at a time. */
const PART = 1 << 12;

const pairLoss =
  (name: string, kind: number, known: readonly string[]) =>
  (x: Tensor, target: Tensor, options?: BceOptions): Loss => {
    const { o, reduction, wanted } = lossOptions(name, options, known);
    const { shape } = checkTensor('x', x);
    checkShaped('target', target, shape);
    const weights = ['posWeight', 'weight'].map((option) => weightsOf(option, o[option], x));
    const count = sizeOf(shape);
    const factor = reduction === 'mean' ? 1 / count : 1;
    const each = reduction === 'none';
    const outputs = [{ shape: each ? shape : [] }, wanted ? { shape } : undefined];
    const parts = Math.ceil(count / PART);
    const [loss, gradX] = run([x, target, ...weights], outputs, {
      ...{ bytes: each ? 0 : parts * 8, ownBytes: each ? 0 : PART * 4, units: parts },
      prepare: ({ arena, scratch }) => void (each || arena.f64(scratch, parts).fill(0)),
      run({ kernels, from, to, scratch }, begin, end, own) {
        const some = (losses: number, at: number, floats: number) => {
          const [x, t, w, v] = from.map((operand) => operand && operand + at * 4);
          kernels.pairLoss(kind, losses, to[1] && to[1] + at * 4, x, t, floats, factor, w, v);
        };
        if (each) some(to[0] + begin * PART * 4, begin * PART, Math.min(count, end * PART) - begin * PART);
        else
          for (let part = begin; part < end; part++) {
            const floats = Math.min(PART, count - part * PART);
            some(own, part * PART, floats);
            kernels.reduce(scratch + part * 8, own, 1, floats, 1, 0, 0, 0);
          }
      },
      after: each
        ? undefined
        : {
            run({ kernels, arena, to, scratch }) {
              addTables(arena.f64(scratch, parts), 1);
              kernels.roundSums(to[0], scratch, 1, factor);
            },
          },
    });
    return wanted ? { loss, gradX } : { loss };
  };

/**
 * `(x - target)²`, averaged.
 * @returns the loss, and with `wanted: { x: true }` the gradient of x
 * @example
 * const { loss, gradX } = mse(tensor([1, 4], [2]), tensor([1, 2], [2]), { wanted: { x: true } });
 * console.log(loss.data, gradX?.data); // 2; 0, 2
 */
export const mse: (x: Tensor, target: Tensor, options?: LossOptions) => Loss = pairLoss('mse', MSE, []);

/**
 * The binary cross entropy of `sigmoid(x)` and target, from 0 to 1, averaged; as `mse`:
 *
 * ```text
 * weight · ((1 - target) · x + (1 + (posWeight - 1) · target) · log(1 + e^-x))
 * ```
 * @throws ShapeError where a weight does not broadcast to the shape of x
 * @example
 * const { gradX } = bceWithLogits(tensor([0, 0], [2]), tensor([1, 0], [2]), { wanted: { x: true } });
 * console.log(gradX?.data); // -0.25, 0.25
 */
export const bceWithLogits: (x: Tensor, target: Tensor, options?: BceOptions) => Loss = pairLoss('bceWithLogits', BCE, [
  'weight',
  'posWeight',
]);
