import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { dot } from '../support/algebra.js';
import { type CaseText, convCase, convTransposeCase, propertyRuns } from '../support/arbitraries.js';
import { expectExact, expectWithin } from '../support/bounds.js';
import { builds, useBuild } from '../support/builds.js';
import { type Case, parseCase } from '../support/cases.js';
import { integerTensor, realTensor as reals, type realTensor } from '../support/data.js';
import * as problems from '../support/problems.js';
import * as api from './calls.js';
import { operators, resultOf } from './operators.js';

const drawn = {
  convTranspose: convTransposeCase(),
  convInputGrad: convCase(),
  convTransposeInputGrad: convTransposeCase(),
} as const;

const names = ['convTranspose', 'convInputGrad', 'convTransposeInputGrad'] as const;

/** Holds the rows that serve a drawn case against the reference: exactly on integers, within the bound on reals. */
function check(name: (typeof names)[number], text: string, make: typeof realTensor): void {
  const operator = operators[name];
  const prepared = operator.prepare(parseCase(text), make);
  for (const row of operator.table) {
    if (row.accuracy !== 'high') continue;
    const out = resultOf(operator, prepared, row.name);
    if (!out) continue;
    if (make === integerTensor) expectExact(out, prepared.expected);
    else expectWithin(out, prepared.expected, prepared.expected.magnitude, prepared.expected.terms);
  }
}

const property = (cases: CaseText, runs: number, holds: (text: string) => void) =>
  fc.assert(fc.property(cases, holds), propertyRuns(runs));

describe.each(builds)('%s build', (build) => {
  beforeAll(() => useBuild(build));

  it.each(names)('%s: every row equals the reference on integers', (name) => {
    property(drawn[name], 300, (text) => check(name, text, integerTensor));
  });

  it.each(names)('%s: every row stays within the bound on reals', (name) => {
    property(drawn[name], 100, (text) => check(name, text, reals));
  });
});

/** A case without bias and activation: what is left is linear. */
const plain = (text: string): Case => {
  const nonlinear = ['bias', 'add', 'relu', 'relu6', 'hardtanh', 'clamp'];
  return parseCase(
    text
      .split('_')
      .filter((segment) => !nonlinear.includes(segment))
      .join('_'),
  );
};

describe('algebra', () => {
  beforeAll(() => useBuild('relaxed'));

  it('<conv(x), g> = <x, inputGrad(g)>, to the bit', () => {
    property(convCase(), 300, (text) => {
      const given = plain(text);
      const { x, weight } = problems.convOperands(given);
      const options = { ...problems.convOptions(given), accuracy: 'high' };
      const y = api.conv(given, x, weight, options);
      const g = integerTensor(y.shape, 7);
      expect(dot(y, g)).toBe(dot(x, api.convInputGrad(given, g, weight, x.shape, options)));
    });
  });

  it('<convTranspose(x), g> = <x, inputGrad(g)>, to the bit', () => {
    property(convTransposeCase(), 300, (text) => {
      const given = plain(text);
      const { x, weight } = problems.convTransposeOperands(given);
      const options = { ...problems.convTransposeOptions(given), accuracy: 'high' };
      const y = api.convTranspose(given, x, weight, options);
      const g = integerTensor(y.shape, 7);
      expect(dot(y, g)).toBe(dot(x, api.convTransposeInputGrad(given, g, weight, x.shape, options)));
    });
  });

  it('the input gradient of a convolution with zero padding is the transposed convolution', () => {
    property(convCase(), 100, (text) => {
      const given = plain(text);
      const { x, weight } = problems.convOperands(given);
      const options = problems.convOptions(given);
      if (options.paddingMode !== 'zeros' || typeof options.padding === 'string') return;
      const gradY = integerTensor(api.conv(given, x, weight, { ...options, accuracy: 'high' }).shape, 7);
      const outputSize = x.shape.slice(...(options.layout.endsWith('C') ? [1, -1] : [2]));
      const transposed = api.convTranspose(given, gradY, weight, { ...options, outputSize, accuracy: 'high' });
      expectExact(transposed, api.convInputGrad(given, gradY, weight, x.shape, { ...options, accuracy: 'high' }));
    });
  });

  it('accumulate adds to what the gradient held', () => {
    property(convCase(), 100, (text) => {
      const given = plain(text);
      const { x, weight } = problems.convOperands(given);
      const options = { ...problems.convOptions(given), accuracy: 'high' };
      const gradY = integerTensor(api.conv(given, x, weight, options).shape, 7);
      const once = api.convInputGrad(given, gradY, weight, x.shape, options);
      const { problem } = operators.convInputGrad.prepare(given, integerTensor);
      for (const { name, accuracy, refuses } of operators.convInputGrad.table) {
        if (accuracy !== 'high' || refuses(problem) !== null) continue;
        const out = integerTensor(x.shape, 8);
        const sum = out.data.map((value, at) => value + once.data[at]);
        api.convInputGrad(given, gradY, weight, x.shape, { ...options, out, accumulate: true, algorithm: name });
        expectExact(out, sum);
      }
    });
  });
});
