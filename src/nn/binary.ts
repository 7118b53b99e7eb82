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
 * @example add(x, bias) // x [n, c, h, w], bias [c, 1, 1]
 */
export const add: Binary = binary('add', ADD);
/** a - b; as `add`. */
export const sub: Binary = binary('sub', SUB);
/** a b; as `add`. */
export const mul: Binary = binary('mul', MUL);
/** a / b; as `add`. */
export const div: Binary = binary('div', DIV);
/** The larger one, NaN where either is; as `add`. */
export const maximum: Binary = binary('maximum', MAXIMUM);
/** The smaller one, NaN where either is; as `add`. */
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
 */
export const addBackward: BinaryBackward = backward('addBackward', whole, whole);
/** As `addBackward`, of `sub`. */
export const subBackward: BinaryBackward = backward('subBackward', whole, (g) => of(MUL, g, negative));
/** As `addBackward`, of `mul`. */
export const mulBackward: BinaryBackward = backward(
  'mulBackward',
  (g, _, b) => of(MUL, g, b),
  (g, a) => of(MUL, g, a),
);
/** As `addBackward`, of `div`. */
export const divBackward: BinaryBackward = backward(
  'divBackward',
  (g, _, b) => of(DIV, g, b),
  (g, a, b) => of(DIV_GRAD, a, b, g),
);
/** As `addBackward`, of `maximum`: halved where both are equal. */
export const maximumBackward: BinaryBackward = backward(
  'maximumBackward',
  (g, a, b) => of(MAXIMUM_GRAD, a, b, g),
  (g, a, b) => of(MAXIMUM_GRAD, b, a, g),
);
/** As `addBackward`, of `minimum`: halved where both are equal. */
export const minimumBackward: BinaryBackward = backward(
  'minimumBackward',
  (g, a, b) => of(MINIMUM_GRAD, a, b, g),
  (g, a, b) => of(MINIMUM_GRAD, b, a, g),
);
