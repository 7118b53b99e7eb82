import fc from 'fast-check';
import { optionNames } from '../../src/shape/options.js';

/** Calls with any JSON value, and some others, in the place of what was there. */

const numbers = [
  0,
  -0,
  1,
  2,
  3,
  4,
  7,
  -1,
  0.5,
  1e-9,
  255,
  2 ** 16,
  2 ** 28,
  2 ** 29,
  2 ** 30,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  1e300,
];
const text =
  'same same-lower valid full NCL NLC NCHW NHWC NCDHW NDHWC relu relu6 zeros reflect replicate circular high standard direct indirect depthwise';
const words = [...text.split(' '), '', '__proto__', 'length', 'conv', 'strict'];

const scalar = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...numbers) },
  { weight: 3, arbitrary: fc.constantFrom(...words) },
  { weight: 2, arbitrary: fc.constantFrom(true, false, null, undefined, Number.NaN, Number.POSITIVE_INFINITY) },
);
const list = (entry: fc.Arbitrary<unknown>) => fc.array(entry, { maxLength: 4 });

/** Anything. */
export const anything = fc.oneof(
  { weight: 6, arbitrary: scalar },
  { weight: 3, arbitrary: list(scalar) },
  { weight: 2, arbitrary: list(list(scalar)) },
  { weight: 1, arbitrary: fc.record({ data: scalar, shape: list(scalar) }) },
  { weight: 1, arbitrary: fc.record({ clamp: list(scalar) }) },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
);

const small = fc.integer({ min: 0, max: 4 });
const bool = fc.boolean();
const perAxis = (entry: fc.Arbitrary<unknown>) => fc.oneof(entry, fc.array(entry, { minLength: 1, maxLength: 3 }));
const clamp = fc.tuple(fc.integer({ min: -4, max: 0 }), small);

/** Values that an option may well have, so that calls come through. */
const likely: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  stride: perAxis(fc.oneof(small, fc.constantFrom(2 ** 20, 2 ** 31 - 1))),
  dilation: perAxis(fc.oneof(small, fc.constant(2 ** 20))),
  padding: fc.oneof(
    perAxis(small),
    perAxis(fc.tuple(small, small)),
    fc.constantFrom('same', 'same-lower', 'valid', 'full'),
  ),
  outputPadding: perAxis(small),
  outputSize: perAxis(fc.integer({ min: 1, max: 20 })),
  kernelSize: perAxis(fc.oneof(small, fc.constant(2 ** 20))),
  paddingMode: fc.constantFrom('zeros', 'reflect', 'replicate', 'circular'),
  groups: small,
  flipKernel: bool,
  layout: fc.constantFrom('NCL', 'NLC', 'NCHW', 'NHWC', 'NCDHW', 'NDHWC'),
  activation: fc.oneof(fc.constantFrom('relu', 'relu6', 'hardTanh'), fc.record({ clamp })),
  bias: fc.constant(undefined),
  add: fc.constant(undefined),
  accuracy: fc.constantFrom('standard', 'high'),
  wanted: fc.record({ x: bool, weight: bool, bias: bool }, { requiredKeys: [] }),
  ceilMode: bool,
  countIncludePad: bool,
  divisorOverride: small,
  returnIndices: bool,
  p: fc.constantFrom(0, 0.5, 1, 2, 3, 7.5),
  alpha: small,
  beta: small,
  transposeA: bool,
  transposeB: bool,
};

/** A value to be put in one of the places of a call, or under an option's name. */
export interface Change {
  readonly at: number | string;
  readonly value: unknown;
}

const names = [...new Set(Object.values(optionNames).flat()), 'wanted', 'y', 'accumulate', 'toString'];
const atPlace: fc.Arbitrary<Change> = fc.record({ at: fc.nat(), value: anything });
const atName: fc.Arbitrary<Change> = fc.record({ at: fc.constantFrom(...names), value: anything });
const ofOption = (known: readonly string[]): fc.Arbitrary<Change> =>
  fc.constantFrom(...known).chain((at) => fc.record({ at: fc.constant(at), value: likely[at] }));

/** Changes to a call of an operator of which `isKnown` tells the options. */
export function changesOf(isKnown: (option: string) => boolean): fc.Arbitrary<Change[]> {
  const known = Object.keys(likely).filter(isKnown);
  const unlikely = fc.array(fc.oneof(atPlace, atName), { minLength: 1, maxLength: 2 });
  if (known.length === 0) return unlikely;
  return fc.oneof(
    { weight: 2, arbitrary: fc.array(ofOption(known), { minLength: 1, maxLength: 3 }) },
    { weight: 1, arbitrary: unlikely },
  );
}

/** Changes to a call without options. */
export const changesAnywhere: fc.Arbitrary<Change[]> = fc.array(atPlace, { minLength: 1, maxLength: 3 });

type Branch = Record<string, unknown>;

/** Every place that holds a value, but for the numbers of tensors. */
function places(node: unknown, found: [Branch, string][] = []): [Branch, string][] {
  if (typeof node !== 'object' || node === null || ArrayBuffer.isView(node)) return found;
  for (const key of Object.keys(node)) {
    found.push([node as Branch, key]);
    places((node as Branch)[key], found);
  }
  return found;
}

/** A copy of arguments with the changes made. */
export function changed(args: readonly unknown[], changes: readonly Change[]): unknown[] {
  const copy = structuredClone([...args]);
  for (const change of changes) {
    const { at } = change;
    // a copy, because a later change may fall into it
    const value = typeof change.value === 'object' ? structuredClone(change.value) : change.value;
    const options = copy[copy.length - 1];
    const all = places(copy);
    if (typeof at === 'string') {
      if (typeof options === 'object' && options !== null)
        Object.defineProperty(options, at, { value, enumerable: true, configurable: true, writable: true });
    } else if (all.length > 0) {
      const [node, key] = all[at % all.length];
      node[key] = value;
    }
  }
  return copy;
}
