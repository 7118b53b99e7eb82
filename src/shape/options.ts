import { OptionError } from '../errors.js';
import { show } from './show.js';
import { likelyName } from './spelling.js';

export { padding, sameWord } from './padding.js';
export {
  activationClamp,
  finite,
  flag,
  integer,
  layoutIsLast,
  nameOf,
  oneOf,
  paddingModeOf,
  perAxis,
  weightsAreLast,
} from './values.js';

const windowed = ['stride', 'padding', 'dilation', 'layout', 'out'] as const;
const shared = [
  'paddingMode',
  'groups',
  'bias',
  'activation',
  'flipKernel',
  'accuracy',
  'algorithm',
  'weightLayout',
] as const;

/** The one table of what each operator family accepts. */
export const optionNames = {
  conv: [...windowed, ...shared, 'add'],
  convTranspose: [...windowed, ...shared, 'add', 'outputPadding', 'outputSize'],
  separable: [...windowed, 'paddingMode', 'bias', 'activation', 'flipKernel', 'accuracy', 'algorithm', 'weightLayout'],
  locallyConnected: [...windowed, 'paddingMode', 'bias', 'activation', 'flipKernel'],
  biasGrad: ['layout', 'out'],
  maxPool: [...windowed, 'kernelSize', 'ceilMode', 'returnIndices'],
  avgPool: [...windowed, 'kernelSize', 'ceilMode', 'countIncludePad', 'divisorOverride'],
  lpPool: [...windowed, 'kernelSize', 'ceilMode', 'p'],
  maxUnpool: [...windowed, 'kernelSize', 'outputSize'],
  adaptiveAvgPool: ['outputSize', 'layout', 'out'],
  adaptiveMaxPool: ['outputSize', 'returnIndices', 'layout', 'out'],
  globalAvgPool: ['layout', 'out'],
  globalMaxPool: ['layout', 'out', 'returnIndices'],
  im2col: [...windowed, 'kernelSize'],
  col2im: [...windowed, 'kernelSize', 'outputSize'],
  gemm: ['transposeA', 'transposeB', 'alpha', 'beta', 'c', 'bias', 'activation', 'out'],
  matmul: ['transposeA', 'transposeB', 'out'],
  linear: ['bias', 'activation', 'out'],
} as const satisfies Record<string, readonly string[]>;

/**
 * Reads an options argument: own enumerable string keys of a plain object, those with value `undefined` left out.
 * `undefined` reads as {}.
 * @throws OptionError when `options` is not a plain object or has a key not in `known`; the message names the likely
 * key.
 */
export function checkOptions(operator: string, options: unknown, known: readonly string[]): Record<string, unknown> {
  // Without a prototype, so that nothing inherited can pass for an option.
  const checked: Record<string, unknown> = Object.create(null);
  if (options === undefined) return checked;
  if (!isPlainObject(options))
    throw new OptionError(`${operator}: options is ${show(options)}, expected a plain object`);
  for (const [key, value] of Object.entries(options)) {
    if (!known.includes(key)) throw new OptionError(`${operator}: unknown option ${show(key)}${advice(key, known)}`);
    if (value !== undefined) checked[key] = value;
  }
  return checked;
}

function advice(key: string, known: readonly string[]): string {
  const likely = likelyName(key, known);
  if (likely !== undefined) return `, did you mean "${likely}"?`;
  return known.length === 0 ? ', there are none here' : `, known are ${known.join(', ')}`;
}

/** True for objects of any realm that inherit from nothing, or from `Object.prototype` alone. */
function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
