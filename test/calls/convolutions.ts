import * as reference from '../reference/index.js';
import { convCase, convTransposeCase } from '../support/arbitraries.js';
import { type Case, has } from '../support/cases.js';
import type { MakeTensor } from '../support/problems.js';
import {
  convOperands,
  convOptions,
  convTransposeOperands,
  convTransposeOptions,
  kernelOf,
  layoutOf,
  xShape,
} from '../support/problems.js';
import { type Arguments, float, type Operator, type Options, type Values } from './operator.js';

/** Options of a gradient behind an activation: that was masked before. */
const linear = ({ activation: _, ...rest }: Options): Options => rest;

interface Kind {
  operands: typeof convOperands;
  options(given: Case): Options;
  y(x: Values, weight: Values, options: Options): Values;
}

const direct: Kind = { operands: convOperands, options: convOptions, y: reference.conv };
const transposed: Kind = { operands: convTransposeOperands, options: convTransposeOptions, y: reference.convTranspose };

function draw({ operands, options, y }: Kind, given: Case, make: MakeTensor) {
  const { x, weight, bias } = operands(given, make);
  const all = { ...options(given), ...(bias && { bias }) };
  return { x, weight, options: all, y: y(x, weight, all) };
}

/** The forward call. */
const plain = (kind: Kind) => (given: Case, make: MakeTensor) => {
  const { x, weight, options } = draw(kind, given, make);
  return [x, weight, options];
};

/** The forward call, with a residual in half of the cases. */
const forward = (kind: Kind) => (given: Case, make: MakeTensor) => {
  const { x, weight, options, y } = draw(kind, given, make);
  return [x, weight, has(given, 'flip') ? { ...options, add: make(y.shape, 4) } : options];
};

const inputGrad = (kind: Kind) => (given: Case, make: MakeTensor) => {
  const { x, weight, options, y } = draw(kind, given, make);
  return [make(y.shape, 5), weight, x.shape, linear(options)];
};

const weightGrad = (kind: Kind) => (given: Case, make: MakeTensor) => {
  const { x, weight, options, y } = draw(kind, given, make);
  return [x, make(y.shape, 5), weight.shape, linear(options)];
};

type Gradient = (a: never, b: never, shape: never, options: never) => Values;

/** A gradient with respect to one operand is that of the sum before the activation. */
const unmasked =
  (gradient: Gradient) =>
  (a: unknown, b: unknown, shape: unknown, options: Options): Values =>
    gradient(a as never, b as never, shape as never, linear(options) as never);

const preparedForward = (x: Values, weight: Values, { add, ...options }: Options) => ({
  prepare: [weight, options, x.shape],
  run: (out?: unknown) => [x, out, add],
});

const preparedBackward = (gradY: Values, x: Values, weight: Values, { y, ...options }: Options) => ({
  prepare: [options, x.shape, weight.shape],
  run: (out?: unknown) => [gradY, x, weight, { y, out }],
});

const preparedSeparable = (x: Values, depthwise: Values, pointwise: Values, options: Options) => ({
  prepare: [depthwise, pointwise, options, x.shape],
  run: (out?: unknown) => [x, out],
});

/** Weights of their own at every position: [oc, ...output, ic, ...kernel], or [...output, ...kernel, ic, oc]. */
function localWeight(given: Case, y: Values, make: MakeTensor) {
  const output = has(given, 'nhwc') ? y.shape.slice(1, -1) : y.shape.slice(2);
  const { oc, ic } = given;
  return make(
    has(given, 'nhwc') ? [...output, ...kernelOf(given), ic, oc] : [oc, ...output, ic, ...kernelOf(given)],
    2,
  );
}

/** Arguments of the forward call of a locally connected layer. */
function local(given: Case, make: MakeTensor): [Values, Values, Options] | undefined {
  if (given.rank === 3) return undefined;
  const { x, weight, bias } = convOperands(given, make);
  const { groups: _, accuracy: __, ...options } = { accuracy: undefined, ...convOptions(given) };
  const y = reference.conv(x, weight, convOptions(given));
  return [x, localWeight(given, y, make), { ...options, ...(bias && { bias }) }];
}

/**
 * Arguments of the forward call of a separable convolution, whose last bias has as many numbers as the depthwise part
 * has channels.
 */
function separable(given: Case, make: MakeTensor): [Values, Values, Values, Options] {
  const { x, weight, bias } = convOperands(given, make);
  const { groups: _, ...options } = convOptions(given);
  const { oc } = given;
  const pointwise = make(has(given, 'nhwc') ? [1, 1, oc, oc] : [oc, oc, 1, 1], 6);
  return [x, weight, pointwise, { ...options, ...(bias && { bias }) }];
}

/**
 * The backward call of a forward call: the gradient of its result, its operands, and behind an activation its result.
 */
const backward =
  (args: Operator['args'], forwardResult: (...args: never[]) => Values) =>
  (given: Case, make: MakeTensor): Arguments | undefined => {
    const forwardArgs = args(given, make);
    if (forwardArgs === undefined) return undefined;
    const y = forwardResult(...(forwardArgs as never[]));
    const options = forwardArgs[forwardArgs.length - 1] as Options;
    const masked = options.activation === undefined ? options : { ...options, y: float(y) };
    return [make(y.shape, 5), ...forwardArgs.slice(0, -1), masked];
  };

const dense = { kinds: ['dense'] } as const;
const depthwise = { rank: 2, kinds: ['depthwise'] } as const;

/** Convolutions and their gradients; `R` stands for the rank. */
export const convolutions: Readonly<Record<string, Operator>> = {
  convR: { cases: convCase(), args: forward(direct), prepared: preparedForward },
  convRInputGrad: { cases: convCase(), args: inputGrad(direct), expected: unmasked(reference.convInputGrad) },
  convRWeightGrad: { cases: convCase(), args: weightGrad(direct), expected: unmasked(reference.convWeightGrad) },
  convRBackward: { cases: convCase(), args: backward(plain(direct), direct.y), prepared: preparedBackward },
  convTransposeR: { cases: convTransposeCase(), args: forward(transposed), prepared: preparedForward },
  convTransposeRInputGrad: {
    cases: convTransposeCase(),
    args: inputGrad(transposed),
    expected: unmasked(reference.convTransposeInputGrad),
  },
  convTransposeRWeightGrad: {
    cases: convTransposeCase(),
    args: weightGrad(transposed),
    expected: unmasked(reference.convTransposeWeightGrad),
  },
  convTransposeRBackward: {
    cases: convTransposeCase(),
    args: backward(plain(transposed), transposed.y),
    prepared: preparedBackward,
  },
  biasGrad: { cases: convCase(), args: (given, make) => [make(xShape(given), 5), { layout: layoutOf(given) }] },
  locallyConnectedR: { cases: convCase(dense), args: local, prepared: preparedForward },
  locallyConnectedRBackward: {
    cases: convCase(dense),
    args: backward(local, reference.locallyConnected),
    prepared: preparedBackward,
  },
  separableConvR: { cases: convCase(depthwise), args: separable, prepared: preparedSeparable },
  separableConvRBackward: {
    cases: convCase(depthwise),
    args: backward(separable, reference.separableConv),
  },
};
