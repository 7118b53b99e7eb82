import { OptionError } from '../errors.js';
import { checkOptions } from '../shape/options.js';
import { checkOut, checkShaped, checkTensor } from '../shape/tensor.js';
import type { Tensor } from '../types.js';
import { ADD, DIV, DIV_GRAD, MAXIMUM, MAXIMUM_GRAD, MINIMUM, MINIMUM_GRAD, MUL, SUB } from './boundary.js';
import { broadcastShape, elementwise } from './elementwise.js';
import { named, type OutOption } from './run.js';
import { sumTo } from './sum.js';

/** A function of two tensors whose shapes broadcast as in NumPy. */
export type Binary = (a: Tensor, b: Tensor, options?: OutOption) => Tensor;

/** Gradients of such a function. */
export interface BinaryGradients {
  readonly gradA: Tensor;
  readonly gradB: Tensor;
}

/** Options of the gradients. */
export interface BinaryBackwardOptions {
  /** Written and returned instead of new tensors. */
  readonly out?: { readonly gradA?: Tensor; readonly gradB?: Tensor } | undefined;
}

export type BinaryBackward = (gradY: Tensor, a: Tensor, b: Tensor, options?: BinaryBackwardOptions) => BinaryGradients;

const binary =
  (name: string, op: number): Binary =>
  (a, b, options) => {
    const { out } = checkOptions(name, options, ['out']);
    return elementwise(
      op,
      [
        ['a', checkTensor('a', a)],
        ['b', checkTensor('b', b)],
      ],
      out,
    );
  };

/**
 * a + b, element by element; axes of extent 1, and those that one operand does not have, repeat as in NumPy. `out` may
 * be an operand of the shape of the result.
 * @throws ShapeError where the shapes do not go together
 * @example
 * console.log(add(tensor([1, 2, 3, 4], [2, 2]), tensor([10, 20], [2])).data); // 11, 22, 13, 24
 */
export const add: Binary = binary('add', ADD);
/**
 * a - b; as `add`.
 * @example
 * console.log(sub(tensor([1, 2], [2]), tensor([10, 20], [2])).data); // -9, -18
 */
export const sub: Binary = binary('sub', SUB);
/**
 * a b; as `add`.
 * @example
 * console.log(mul(tensor([1, 2], [2]), tensor([10, 20], [2])).data); // 10, 40
 */
export const mul: Binary = binary('mul', MUL);
/**
 * a / b; as `add`.
 * @example
 * console.log(div(tensor([10, 20], [2]), tensor([2, 5], [2])).data); // 5, 4
 */
export const div: Binary = binary('div', DIV);
/**
 * The larger one, NaN where either is; as `add`.
 * @example
 * console.log(maximum(tensor([1, 5], [2]), tensor([3, 3], [2])).data); // 3, 5
 */
export const maximum: Binary = binary('maximum', MAXIMUM);
/**
 * The smaller one, NaN where either is; as `add`.
 * @example
 * console.log(minimum(tensor([1, 5], [2]), tensor([3, 3], [2])).data); // 1, 3
 */
export const minimum: Binary = binary('minimum', MINIMUM);

type Part = (g: Tensor, a: Tensor, b: Tensor) => Tensor;

const of = (op: number, a: Tensor, b: Tensor, c?: Tensor) =>
  elementwise(
    op,
    c
      ? [
          ['a', a],
          ['b', b],
          ['gradY', c],
        ]
      : [
          ['a', a],
          ['b', b],
        ],
    undefined,
  );

const negative: Tensor = { data: Float32Array.of(-1), shape: [] };

const backward =
  (name: string, gradA: Part, gradB: Part): BinaryBackward =>
  (gradY, a, b, options) => {
    const { out } = checkOptions(name, options, ['out']);
    if (out !== undefined && (typeof out !== 'object' || out === null))
      throw new OptionError('out: expected an object with some of gradA, gradB');
    const outs = checkOptions('out', out, ['gradA', 'gradB']);
    const shape = broadcastShape([
      ['a', checkTensor('a', a)],
      ['b', checkTensor('b', b)],
    ]);
    const g = checkShaped('gradY', gradY, shape);
    const inputs = [named('gradY', g), named('a', a), named('b', b)];
    const checked = (grad: string, like: Tensor) =>
      outs[grad] === undefined ? undefined : checkOut(outs[grad], like.shape, inputs, `out.${grad}`);
    const [outA, outB] = [checked('gradA', a), checked('gradB', b)];
    return { gradA: sumTo(gradA(g, a, b), a.shape, outA), gradB: sumTo(gradB(g, a, b), b.shape, outB) };
  };

const whole: Part = (g) => g;

/**
 * Gradients of `add` for a and b, summed over the axes along which they repeat.
 * @param gradY of the shape of the result
 * @example
 * const { gradA, gradB } = addBackward(tensor([1, 2], [2]), tensor([3, 4], [2]), tensor([5], [1]));
 * console.log(gradA.data, gradB.data); // 1, 2; 3
 */
export const addBackward: BinaryBackward = backward('addBackward', whole, whole);
/**
 * As `addBackward`, of `sub`.
 * @example
 * const { gradA, gradB } = subBackward(tensor([1, 2], [2]), tensor([3, 4], [2]), tensor([5], [1]));
 * console.log(gradA.data, gradB.data); // 1, 2; -3
 */
export const subBackward: BinaryBackward = backward('subBackward', whole, (g) => of(MUL, g, negative));
/**
 * As `addBackward`, of `mul`.
 * @example
 * const { gradA, gradB } = mulBackward(tensor([1, 2], [2]), tensor([3, 4], [2]), tensor([5], [1]));
 * console.log(gradA.data, gradB.data); // 5, 10; 11
 */
export const mulBackward: BinaryBackward = backward(
  'mulBackward',
  (g, _, b) => of(MUL, g, b),
  (g, a) => of(MUL, g, a),
);
/**
 * As `addBackward`, of `div`.
 * @example
 * const { gradA, gradB } = divBackward(tensor([1, 2], [2]), tensor([3, 4], [2]), tensor([2], [1]));
 * console.log(gradA.data, gradB.data); // 0.5, 1; -2.75
 */
export const divBackward: BinaryBackward = backward(
  'divBackward',
  (g, _, b) => of(DIV, g, b),
  (g, a, b) => of(DIV_GRAD, a, b, g),
);
/**
 * As `addBackward`, of `maximum`: halved where both are equal.
 * @example
 * const { gradA, gradB } = maximumBackward(tensor([1, 2], [2]), tensor([3, 5], [2]), tensor([5, 5], [2]));
 * console.log(gradA.data, gradB.data); // 0, 1; 1, 1
 */
export const maximumBackward: BinaryBackward = backward(
  'maximumBackward',
  (g, a, b) => of(MAXIMUM_GRAD, a, b, g),
  (g, a, b) => of(MAXIMUM_GRAD, b, a, g),
);
/**
 * As `addBackward`, of `minimum`: halved where both are equal.
 * @example
 * const { gradA, gradB } = minimumBackward(tensor([1, 2], [2]), tensor([3, 5], [2]), tensor([5, 5], [2]));
 * console.log(gradA.data, gradB.data); // 1, 1; 0, 1
 */
export const minimumBackward: BinaryBackward = backward(
  'minimumBackward',
  (g, a, b) => of(MINIMUM_GRAD, a, b, g),
  (g, a, b) => of(MINIMUM_GRAD, b, a, g),
);
