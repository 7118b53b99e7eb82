import fc from 'fast-check';
import { type Config, defaults, limits, type Pair } from '../../examples/page/src/explorer/config.js';

const within = ([min, max]: Pair) => fc.integer({ min, max });
const pair = (key: keyof typeof limits, most = limits[key][1]) =>
  fc.tuple(within([limits[key][0], most]), within([limits[key][0], most]));

/** Numbers that somebody set, some of them outside of the grids. */
const edits = fc
  .array(fc.tuple(fc.nat(3), fc.nat(7), fc.nat(7), fc.integer({ min: -9, max: 9 })), { maxLength: 3 })
  .map((list) => new Map(list.map(([plane, row, column, value]) => [`${plane}.${row}.${column}`, value])));

/** Configurations as people may set them, also such that make no sense. */
export const configs: fc.Arbitrary<Config> = fc
  .record({
    operator: fc.constantFrom('conv', 'transposed', 'max', 'avg'),
    input: pair('input', 8),
    kernel: pair('kernel', 5),
    stride: pair('stride'),
    rule: fc.constantFrom('number', 'valid', 'same', 'same-lower', 'full'),
    padding: pair('padding', 3),
    mode: fc.constantFrom('zeros', 'reflect', 'replicate', 'circular'),
    dilation: pair('dilation'),
    outputPadding: pair('outputPadding', 2),
    ic: within(limits.ic),
    oc: within(limits.oc),
    groups: within([1, 3]),
    fill: fc.constantFrom('digits', 'digits', 'counting', 'ones'),
    seed: within(limits.seed),
    xEdits: edits,
    weightEdits: edits,
    square: fc.constant(false),
  })
  .map((config) => config as Config);

/** The configuration that the page begins with, changed. */
export const config = (part: Partial<Config>): Config => ({ ...defaults, ...part });
