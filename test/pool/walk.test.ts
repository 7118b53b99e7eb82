import { beforeAll, describe, expect, it } from 'vitest';
import { avgPool2d, maxPool2d, type Tensor } from '../../src/index.js';
import { configure } from '../../src/wasm/host.js';
import { settingOf, useBuild, variants } from '../support/builds.js';
import { parseCase } from '../support/cases.js';
import { integerTensor, realTensor } from '../support/data.js';
import { checkAvgPool, checkMaxPool, specialTensor, withNaN } from './operators.js';

/** Windows that slide, where blocks of 16 channels fit and where the last one overlaps; 12 channels have no block. */
const cases = [
  ['n2ic16ih9iw13', 'kh2kw2_sh2sw2'],
  ['n1ic36ih8iw10', 'kh2kw2_sh2sw2'],
  ['n2ic12ih9iw13', 'kh2kw2_sh2sw2'],
  ['n2ic20ih7iw9', 'kh3kw3_sh1sw1_ph1pw1'],
  ['n1ic16ih3iw12', 'kh3kw3_sh1sw1'],
  ['n1ic48ih5iw4', 'kh3kw3_sh1sw1_ph1pw1'],
  ['n2ic28ih11iw15', 'kh3kw3_sh2sw2_ph1pw1'],
  ['n1ic32ih10iw12', 'kh3kw3_sh2sw2'],
].map((parts) => `${parts.join('_')}_nhwc`);

describe.each(variants)('windows that slide, %s build', (build) => {
  beforeAll(() => useBuild(build));

  describe.each(cases)('%s', (text) => {
    it('maxima of integers', () => checkMaxPool(parseCase(text), integerTensor));
    it('maxima with NaN, infinities and ties', () => checkMaxPool(parseCase(text), specialTensor));
    it('averages of integers', () => checkAvgPool(parseCase(text), integerTensor));
  });

  it.each(Array.from({ length: 20 }, (_, channel) => channel))('see NaN in channel %d of any cell', (channel) => {
    for (let cell = 0; cell < 6 * 7; cell++) {
      for (const window of ['kh2kw2_sh2sw2', 'kh3kw3_sh1sw1_ph1pw1', 'kh3kw3_sh2sw2_ph1pw1'])
        checkMaxPool(parseCase(`n1ic20ih6iw7_${window}_nhwc`), withNaN(20 * cell + channel));
    }
  });
});

it.each(['strict', 'relaxed'] as const)(
  '%s maxima and averages have the same bits for x86 and for aarch64',
  (build) => {
    const [x86, arm] = ([build, `${build} arm`] as const).map((variant) => {
      configure(settingOf(variant));
      return cases.flatMap((text) => {
        const { n, ic, ih, iw, kh, kw, sh, sw, ph = 0, pw = 0 } = parseCase(text);
        const x = { ...realTensor([n, ih, iw, ic], 1) } as Tensor;
        const options = { kernelSize: [kh, kw], stride: [sh, sw], padding: [ph, pw], layout: 'NHWC' } as const;
        return [maxPool2d(x, options), avgPool2d(x, options)].map(({ data }) => Buffer.from(data.slice().buffer));
      });
    });
    expect(arm.map((bits, i) => bits.equals(x86[i]))).toEqual(x86.map(() => true));
  },
);
