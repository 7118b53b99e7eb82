import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as arbitraries from './arbitraries.js';
import { expectDerivative, expectExact, expectPrinted, expectWithin } from './bounds.js';
import { formatCase, parseCase } from './cases.js';
import { integers, reals } from './data.js';
import { checkFence, fencedOutput } from './fence.js';
import { convOptions, convTransposeOptions, transposeWeightShape, weightShape, xShape } from './problems.js';

describe('cases', () => {
  test('fields, defaults and flags', () => {
    const given = parseCase('n2ic6ih9iw7_oc5kh3kw2_sw2_ph1phe2_g2_relu6_nhwc');
    expect(given).toMatchObject({
      rank: 2,
      n: 2,
      ic: 6,
      ih: 9,
      iw: 7,
      oc: 5,
      kh: 3,
      kw: 2,
      kd: 1,
      sh: 1,
      sw: 2,
      dw: 1,
      g: 2,
    });
    expect(given).toMatchObject({ ph: 1, phe: 2, pw: 0, pwe: 0, pd: 0, flags: ['nhwc', 'relu6'] });
    expect(parseCase('iw3_pw2')).toMatchObject({ rank: 1, n: 1, pw: 2, pwe: 2 });
    expect(parseCase('id2ih3iw4').rank).toBe(3);
    expect(parseCase('m3n5k7_ta')).toMatchObject({ rank: 0, m: 3, n: 5, k: 7, flags: ['ta'] });
    expect(xShape(given)).toEqual([2, 9, 7, 6]);
    expect(weightShape(given)).toEqual([3, 2, 3, 5]);
    expect(transposeWeightShape({ ...given, oc: 4 })).toEqual([3, 2, 2, 6]);
  });

  test('options', () => {
    expect(convOptions(parseCase('ih9iw7_kh3kw2_sh2_dw3_ph1phe2_reflect_clamp_flip'))).toEqual({
      stride: [2, 1],
      padding: [
        [1, 2],
        [0, 0],
      ],
      paddingMode: 'reflect',
      dilation: [1, 3],
      groups: 1,
      flipKernel: true,
      activation: { clamp: [-3, 5] },
      layout: 'NCHW',
    });
    expect(convTransposeOptions(parseCase('iw7_kw2_sw2_opw1_samelower_nhwc'))).toEqual({
      stride: [2],
      padding: 'same-lower',
      dilation: [1],
      groups: 1,
      flipKernel: false,
      outputPadding: [1],
      layout: 'NLC',
    });
  });

  test.each(['n2x3', 'n2_', 'N2', 'n2n3', 'ih3', 'id3iw4', 'n2_blue'])('refuses %s', (text) => {
    expect(() => parseCase(text)).toThrow(`case ${text}`);
  });

  test.each(['n2ic3ih9iw7_oc5kh3kw2_ph1pw2', 'ih1iw1', 'm3n5k7_relu', 'n0iw3_pw2pwe0_same', 'n1'])(
    '%s is its own shortest form',
    (text) => {
      expect(formatCase(parseCase(text))).toBe(text);
    },
  );

  test.each(
    Object.entries(arbitraries).filter(([name]) => name.endsWith('Case')) as [string, () => arbitraries.CaseText][],
  )('%s: what is written is read again', (_, cases) => {
    fc.assert(
      fc.property(cases(), (text) => {
        expect(formatCase(parseCase(text))).toBe(text);
      }),
      arbitraries.propertyRuns(50),
    );
  });
});

describe('data', () => {
  test('integers cover their range and depend on the seed', () => {
    const values = integers(500, 1);
    expect([...new Set(values)].sort((a, b) => a - b)).toEqual([-4, -3, -2, -1, 0, 1, 2, 3, 4]);
    expect(integers(500, 1)).toEqual(values);
    expect(integers(500, 2)).not.toEqual(values);
    expect([...new Set(integers(50, 3, 0, 1))].sort()).toEqual([0, 1]);
  });

  test('reals fill (-1, 1)', () => {
    const values = reals(1000, 1);
    expect(Math.max(...values)).toBeGreaterThan(0.98);
    expect(Math.min(...values)).toBeLessThan(-0.98);
    expect(Math.max(...values.map(Math.abs))).toBeLessThan(1);
  });
});

describe('bounds', () => {
  const ulp = 2 ** -23;

  test('exact names the place', () => {
    expectExact([-0, Number.NaN, 1], [0, Number.NaN, 1]);
    expectExact(Float32Array.of(1 / 3), [1 / 3]);
    expect(() => expectExact([1 / 3], [Math.fround(1 / 3)])).toThrow('index 0');
    const found = { data: [1, 2, 3, 4, 5, 7], shape: [1, 2, 3] };
    expect(() => expectExact(found, { ...found, data: [1, 2, 3, 4, 5, 6] })).toThrow('index 5 [0,1,2]: 7, expected 6');
    expect(() => expectExact(found, { ...found, shape: [1, 3, 2] })).toThrow('shape [1,2,3]');
    expect(() => expectExact([1], [1, 2])).toThrow('1 elements');
    expect(() => expectExact([Number.NaN], [1])).toThrow('NaN');
    expect(() => expectExact([1 + ulp], [1])).toThrow('expected 1');
  });

  test('within scales with terms and magnitude', () => {
    expectWithin([1 + ulp], [1], [1], 1);
    expect(() => expectWithin([1 + 3 * ulp], [1], [1], 1)).toThrow('within');
    expectWithin([1 + 3 * ulp], [1], [1], 4);
    expectWithin([1 + 3 * ulp], [1], [2], 1);
    expectWithin([1 + 3 * ulp], [1], [1], 1, 2);
    expectWithin([2 ** -149], [0], [0], 1);
    expect(() => expectWithin([2 ** -140], [0], [0], 1)).toThrow('within');
    for (const odd of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expectWithin([odd], [odd], [odd], 1);
      expect(() => expectWithin([0], [odd], [odd], 1)).toThrow('index 0');
    }
    expect(() => expectWithin([Number.NaN], [0], [1], 1)).toThrow('NaN');
    expect(() =>
      expectWithin([Number.NEGATIVE_INFINITY], [Number.POSITIVE_INFINITY], [Number.POSITIVE_INFINITY], 1),
    ).toThrow();
  });

  test('an f32 sum in any order is within', () => {
    const values = reals(2000, 5);
    const sum = (list: Float32Array) => list.reduce((total, value) => Math.fround(total + value), 0);
    const expected = values.reduce((total, value) => total + value, 0);
    const magnitude = values.reduce((total, value) => total + Math.abs(value), 0);
    const orders = [values, values.slice().sort(), values.slice().reverse()];
    expectWithin(orders.map(sum), Array(3).fill(expected), Array(3).fill(magnitude), 2000);
  });

  test('printed and derivative', () => {
    expectPrinted([100.001], [100]);
    expect(() => expectPrinted([100.002], [100])).toThrow('printed');
    expect(() => expectPrinted([0.00002], [0])).toThrow('printed');
    expectDerivative([1e-9], [0]);
    expect(() => expectDerivative([1e-7], [0])).toThrow('within');
  });
});

describe('fence', () => {
  test('starts as NaN and notices a word beside it', () => {
    const view = fencedOutput(5);
    expect([...view]).toEqual(Array(5).fill(Number.NaN));
    expect(view.byteOffset % 16).not.toBe(0);
    view.fill(3);
    checkFence(view);
    const all = new Float32Array(view.buffer);
    all[view.byteOffset / 4 - 1] = 3;
    expect(() => checkFence(view)).toThrow('word -1');
    const other = fencedOutput(0);
    new Uint8Array(other.buffer)[other.byteOffset] = 1;
    expect(() => checkFence(other)).toThrow('word 0');
  });
});
