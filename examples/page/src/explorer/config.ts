/** What the explorer shows: one window over one picture, on two axes. */

/** Height and width. */
export type Pair = readonly [number, number];

export const operators = {
  conv: 'Convolution',
  transposed: 'Transposed convolution',
  max: 'Max pooling',
  avg: 'Average pooling',
} as const;
export type Operator = keyof typeof operators;

export const paddingRules = {
  number: 'a number of cells',
  valid: 'valid (none)',
  same: 'same (odd cell at the end)',
  'same-lower': 'same-lower (odd cell at the begin)',
  full: 'full, d (k − 1)',
} as const;
export type PaddingRule = keyof typeof paddingRules;

export const paddingModes = {
  zeros: 'zeros',
  reflect: 'reflect',
  replicate: 'replicate',
  circular: 'circular',
} as const;
export type PaddingMode = keyof typeof paddingModes;

export const fills = { digits: 'small integers', counting: 'counting up', ones: 'all ones' } as const;
export type Fill = keyof typeof fills;

/** Numbers that somebody set, in place of those that fill the rest, by `plane.row.column`. */
export type Edits = ReadonlyMap<string, number>;

export interface Config {
  readonly operator: Operator;
  readonly input: Pair;
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly rule: PaddingRule;
  /** Cells on each side, where the rule is `number`. */
  readonly padding: Pair;
  readonly mode: PaddingMode;
  readonly dilation: Pair;
  readonly outputPadding: Pair;
  readonly ic: number;
  readonly oc: number;
  readonly groups: number;
  readonly fill: Fill;
  /** Which small integers. */
  readonly seed: number;
  readonly xEdits: Edits;
  /** Planes of weights are counted as they lie. */
  readonly weightEdits: Edits;
  /** Height and width change together. */
  readonly square: boolean;
}

export const defaults: Config = {
  operator: 'conv',
  input: [5, 5],
  kernel: [3, 3],
  stride: [1, 1],
  rule: 'number',
  padding: [1, 1],
  mode: 'zeros',
  dilation: [1, 1],
  outputPadding: [0, 0],
  ic: 1,
  oc: 1,
  groups: 1,
  fill: 'digits',
  seed: 1,
  xEdits: new Map(),
  weightEdits: new Map(),
  square: true,
};

export type PairKey = 'input' | 'kernel' | 'stride' | 'padding' | 'dilation' | 'outputPadding';
export type CountKey = 'ic' | 'oc' | 'groups' | 'seed';

/** Least and most of every number: what a window of a browser can show. */
export const limits: Readonly<Record<PairKey | CountKey, Pair>> = {
  input: [1, 12],
  kernel: [1, 7],
  stride: [1, 4],
  padding: [0, 6],
  dilation: [1, 3],
  outputPadding: [0, 3],
  ic: [1, 4],
  oc: [1, 4],
  groups: [1, 4],
  seed: [1, 99],
};

export const names: Readonly<Record<PairKey | CountKey, string>> = {
  input: 'input',
  kernel: 'kernel',
  stride: 'stride',
  padding: 'padding',
  dilation: 'dilation',
  outputPadding: 'output padding',
  ic: 'number of input channels',
  oc: 'number of output channels',
  groups: 'number of groups',
  seed: 'seed',
};

/** What the letters of the size formula stand for. */
export const letters = {
  o: 'cells of the output',
  i: 'cells of the input',
  k: 'cells of the kernel',
  s: 'stride: how far the window moves at a step',
  d: 'dilation: distance between neighbouring cells of the kernel',
  'p₀': 'padding at the begin',
  'p₁': 'padding at the end',
  a: 'output padding: cells more at the end',
} as const;
export type Letter = keyof typeof letters;

export const isPool = (operator: Operator): boolean => operator === 'max' || operator === 'avg';

/** Which settings an operator has. */
export function applies(key: PairKey | CountKey | 'rule' | 'mode', { operator, rule, fill }: Config): boolean {
  switch (key) {
    case 'padding':
      return rule === 'number';
    case 'mode':
      return operator === 'conv';
    case 'dilation':
      return operator !== 'avg';
    case 'outputPadding':
      return operator === 'transposed';
    case 'oc':
    case 'groups':
      return !isPool(operator);
    case 'seed':
      return fill === 'digits';
    default:
      return true;
  }
}
