import { afterAll, beforeAll, describe, it } from 'vitest';
import { init } from '../../src/index.js';
import { convTable } from '../../src/plan/conv.js';
import { inputGradTable } from '../../src/plan/input-grad.js';
import { weightGradTable } from '../../src/plan/weight-grad.js';
import { drawCalls, invoke } from '../calls/index.js';
import { withOptions } from '../calls/variants.js';
import { answered, api, hasOption } from './answered.js';

/** Strides, windows and paddings far beyond any input: quickly refused, or quickly done. */

const sizes = ['stride', 'dilation', 'padding', 'kernelSize', 'outputPadding', 'outputSize'] as const;
const extents = [undefined, 2 ** 20, 2 ** 29, 2 ** 31 - 1];
const rows = [...convTable, ...inputGradTable, ...weightGradTable].map(({ name }) => name);
const algorithms = [...new Set([undefined, ...rows])];

/** Every choice of one value for each of the options. */
function* choices(options: readonly string[], values: readonly unknown[]): Generator<Record<string, unknown>> {
  const [first, ...rest] = options;
  if (first === undefined) return yield {};
  for (const others of choices(rest, values)) for (const value of values) yield { ...others, [first]: value };
}

/** One call of every function, in one dimension where there is a choice. */
const calls = new Map(drawCalls(api, 40, 5).map((call) => [call.name, call]));
const narrow = [...calls.values()].filter(({ name }) => !/[23]d/.test(name));

describe.each(narrow)('$name', ({ name, args }) => {
  beforeAll(async () => void (await init({ maxMemory: 2 ** 24 })));
  afterAll(async () => void (await init()));

  const answer = (given: Record<string, unknown>) =>
    answered((...all) => invoke(api, name, all), withOptions(args, given));

  it('extents', () => {
    const options = sizes.filter((option) => hasOption(name, args, option));
    for (const given of choices(options, extents)) answer(given);
  });

  it.runIf(hasOption(name, args, 'algorithm'))('extents with every algorithm', () => {
    for (const algorithm of algorithms)
      for (const given of choices(['stride', 'dilation', 'padding'], [undefined, 2 ** 20, 2 ** 29]))
        answer({ ...given, algorithm });
  });
});
