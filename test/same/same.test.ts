import { describe, expect, it } from 'vitest';
import * as api from '../../src/index.js';
import { convTable } from '../../src/plan/conv.js';
import { inputGradTable } from '../../src/plan/input-grad.js';
import { weightGradTable } from '../../src/plan/weight-grad.js';
import { namesOf, operators } from '../calls/index.js';
import { testCalls } from './calls.js';
import { compare, outcome, Tally } from './compare.js';

const tensor = (...data: number[]) => ({ data: Float32Array.from(data), shape: [data.length] });

describe('two results', () => {
  const before = { result: { gradX: tensor(1, 2, 0), gradWeight: tensor(3) }, row: 'direct' };

  it('are the same where every bit is', () => {
    expect(compare(before, structuredClone(before))).toBe('same');
  });

  it.each([...before.result.gradX.data.keys()])('differ by one flipped bit of number %i', (i) => {
    const after = structuredClone(before);
    new Uint32Array(after.result.gradX.data.buffer)[i] ^= 1;
    expect(compare(before, after)).toBe('different');
  });

  it('differ by the sign of a zero, the last tensor and the shape', () => {
    const { result } = before;
    for (const after of [
      { ...result, gradX: tensor(1, 2, -0) },
      { ...result, gradWeight: tensor(4) },
      { ...result, gradX: { ...result.gradX, shape: [3, 1] } },
    ]) {
      expect(compare(before, { ...before, result: after })).toBe('different');
    }
  });

  it('tell another row, and what is served by one alone', () => {
    const refused = outcome(() => {
      throw new api.UnsupportedError('no');
    });
    expect(refused).toEqual({ error: 'UNSUPPORTED' });
    expect(compare(before, { ...before, row: 'indirect' })).toBe('chosen otherwise');
    expect(compare(before, refused)).toBe('vanished');
    expect(compare(refused, before)).toBe('appeared');
    expect(compare(refused, refused)).toBeUndefined();
  });

  it('are counted by group', () => {
    const tally = new Tally();
    for (const [i, verdict] of (['same', 'different', undefined, 'different'] as const).entries()) {
      tally.add('strict conv2d direct', `case ${i}`, verdict);
    }
    tally.add('relaxed conv2d direct', 'case 0', 'different');
    expect([tally.count('strict'), tally.count('strict', 'different')]).toEqual([3, 2]);
    expect(tally.lines()[0]).toBe('strict conv2d direct: 2 of 3 different, first case 1');
  });
});

describe('the calls', () => {
  const served = new Set<string>();
  for (const { group, run } of testCalls([api])) {
    if (!served.has(group) && !('error' in outcome(() => run(api)))) served.add(group);
  }

  it('are of every function that has results, and succeed', () => {
    const called = new Set([...served].map((group) => group.split(' ')[0]));
    const names = Object.keys(operators).flatMap(namesOf);
    expect(names.filter((name) => name in api && !called.has(name))).toEqual([]);
  });

  it.each([
    ['conv', convTable],
    ['prepareConv', convTable],
    ['convInputGrad', inputGradTable],
    ['convTranspose', inputGradTable],
    ['convTransposeInputGrad', convTable],
    ['convWeightGrad', weightGradTable],
  ] as const)('insist on every row of the table of %s', (name, table) => {
    const groups = new Set([...served].map((group) => group.replace(/[123]d/, '')));
    expect(table.map((row) => row.name).filter((row) => !groups.has(`${name} ${row}`))).toEqual([]);
  });
});
