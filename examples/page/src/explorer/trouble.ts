import { count } from '../number.js';
import { applies, type Config, isPool, limits, names, type PairKey } from './config.js';
import { formulaOf } from './formula.js';
import { padOf, reach } from './pads.js';

/** Why there is nothing to draw, in words. */
export class Trouble extends Error {
  /** The settings to look at. */
  readonly fields: readonly string[];
  /** The numbers are in their limits, but do not go together. */
  readonly hasNumbers: boolean;
  constructor(message: string, fields: readonly string[], hasNumbers = true) {
    super(message);
    this.fields = fields;
    this.hasNumbers = hasNumbers;
  }
}

const axisNames = ['height', 'width'] as const;

function checkNumber(name: string, value: number, [least, most]: readonly [number, number], field: string): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  const found = Number.isNaN(value) ? 'is no number' : `is ${value}`;
  throw new Trouble(`The ${name} ${found}; this page takes a whole number from ${least} to ${most}.`, [field], false);
}

/** @throws {Trouble} what is wrong with the numbers themselves */
export function checkNumbers(config: Config): void {
  for (const key of [
    'input',
    'kernel',
    'stride',
    'padding',
    'dilation',
    'outputPadding',
  ] as const satisfies PairKey[]) {
    if (!applies(key, config)) continue;
    for (const axis of [0, 1]) {
      const name =
        key === 'padding' || key === 'stride' || key === 'dilation'
          ? `${names[key]} of the ${axisNames[axis]}`
          : `${names[key]} ${axisNames[axis]}`;
      checkNumber(name, config[key][axis], limits[key], `${key}-${axis}`);
    }
  }
  for (const key of ['ic', 'oc', 'groups', 'seed'] as const) {
    if (applies(key, config)) checkNumber(names[key], config[key], limits[key], key);
  }
}

/** @throws {Trouble} what the numbers do not allow together */
export function checkSizes(config: Config): void {
  const { operator, ic, oc, groups } = config;
  if (!isPool(operator) && (ic % groups !== 0 || oc % groups !== 0)) {
    throw new Trouble(
      `${count(groups, 'group')} cannot share ${count(ic, 'input channel')} and ${count(oc, 'output channel')} evenly: groups must divide both.`,
      ['groups', 'ic', 'oc'],
    );
  }
  formulaOf(config).forEach(({ name, result }, i) => {
    if (result >= 1) return;
    const axis = i as 0 | 1;
    const fields = [`kernel-${axis}`, `input-${axis}`];
    const [begin, end] = padOf(config, axis);
    if (operator === 'transposed') {
      const made = result + begin + end;
      const text = `In the ${name} the transposed kernels reach over ${count(made, 'cell')}, and the padding takes away ${begin} and ${end}: nothing is left.`;
      throw new Trouble(text, [...fields, `padding-${axis}`]);
    }
    const padded = config.input[axis] + begin + end;
    const size = `In the ${name} the kernel spans ${count(reach(config, axis) + 1, 'cell')}, but the input with its padding has only ${padded}: `;
    throw new Trouble(`${size}the kernel does not fit in once.`, fields);
  });
}
