import { beforeAll, describe, expect, it } from 'vitest';
import { conv2d, conv2dInputGrad, conv3d, prepareConv2d } from '../../src/index.js';
import { choose } from '../../src/plan/choose.js';
import { convTable } from '../../src/plan/conv.js';
import { convProblem } from '../../src/shape/conv.js';
import { convInputGrad, conv as reference } from '../reference/index.js';
import { expectAccuracy, expectExact, expectWithinTiles } from '../support/bounds.js';
import { builds, poison, useBuild } from '../support/builds.js';
import { parseCase } from '../support/cases.js';
import { integerTensor, realTensor } from '../support/data.js';
import { convOperands, convOptions } from '../support/problems.js';

/** Several blocks of tiles, several bands of turned rows, whole and ragged. */
const wide = [
  'ic8ih85iw79_oc12kh3kw3_ph1pw1_bias_add',
  'n7ic4ih37iw30_oc9kh3kw3_ph2pw1_relu',
  'ic5ih4000iw1_oc6kh9kw1_ph4_add',
  'ic8ih172iw157_oc12kh3kw3_sh2sw2_ph1pw0pwe1_bias_add',
  'n7ic4ih75iw62_oc9kh5kw6_sh2sw2_ph3pw2_relu',
  // touched before they are read and written
  'ic24ih103iw109_oc26kh3kw3_ph2pw2_bias_add',
  'ic24ih103iw109_oc26kh3kw3_dh2dw3_ph2pw4_bias',
];

describe.each(builds)('%s build', (build) => {
  beforeAll(() => useBuild(build));

  it.each(wide.flatMap((text) => [text, `${text}_nhwc`]))('parts large problems without a seam: %s', (text) => {
    const given = parseCase(text);
    const { x, weight, bias } = convOperands(given, integerTensor);
    const run = (algorithm: string, add?: ReturnType<typeof integerTensor>) =>
      conv2d(x, weight, { ...convOptions(given), ...(bias && { bias }), ...(add && { add }), algorithm } as never);
    const add = text.includes('add') ? integerTensor(run('indirect').shape, 4) : undefined;
    const expected = run('indirect', add);
    const magnitude = new Float64Array(expected.data.length).fill(16 * (given.ic * given.kh * given.kw + 2));
    for (const { name, refuses } of convTable.filter(({ name }) => name.startsWith('winograd'))) {
      if (refuses(convProblem(2, x.shape, weight.shape, convOptions(given))) !== null) continue;
      poison(1 << 20);
      const y = run(name, add);
      if (name === 'winograd-f2x2') expectExact(y, expected);
      else expectWithinTiles(y, { ...expected, magnitude, terms: given.ic * given.kh * given.kw });
    }
  });

  it.each(
    [
      'ic6ih9iw11_oc5kh3kw3_ph5pw1_bias',
      'ic6ih9iw11_oc5kh3kw2_ph1phe5pw1_bias_add_relu',
      'ic6ih11iw9_oc5kh3kw3_dh2ph2pw7_bias',
      'ic6ih11iw9_oc5kh3kw3_sh2sw2_ph1pwe6_bias',
      'ic6ih1iw40_oc5kh1kw3_pw1pwe9_bias',
      'ic6ih40iw3_oc5kh5kw1_ph7pw2_bias',
      'ic6ih12iw2_oc5kh3kw3_dw3ph1pw4_bias',
    ].flatMap((text) => [text, `${text}_nhwc`]),
  )('leaves no rounding where windows lie wholly in padding: %s', (text) => {
    const given = parseCase(text);
    const { x, weight, bias } = convOperands(given, realTensor);
    const add = text.includes('add')
      ? realTensor(convProblem(2, x.shape, weight.shape, convOptions(given)).yShape, 4)
      : undefined;
    const options = { ...convOptions(given), ...(bias && { bias }), ...(add && { add }) } as never;
    const nothing = { data: new Float32Array(x.data.length), shape: x.shape };
    const ones = (t: typeof x) => ({ data: new Float32Array(t.data.length).fill(1), shape: t.shape });
    const seen = conv2d(ones(x), ones(weight), convOptions(given) as never).data;
    const [y, blank] = [conv2d(x, weight, options).data, conv2d(nothing, weight, options).data];
    expect(seen.includes(0)).toBe(true);
    for (let i = 0; i < seen.length; i++) if (seen[i] === 0) expect(y[i]).toBe(blank[i]);
    const problem = convProblem(2, x.shape, weight.shape, options);
    for (const row of convTable.filter(({ name }) => name.startsWith('winograd'))) {
      if (row.refuses({ ...problem, ph: 0, phEnd: 0, pw: 0, pwEnd: 0, oh: 1, ow: 1 }) !== null) continue;
      expect(row.refuses(problem)).toBe('windows that lie wholly in padding');
    }
  });

  it.each([
    ['winograd-f4x4', 'ic64ih13iw14_oc12kh3kw3_ph1pw1', 'standard'],
    ['winograd-f4x4', 'ic24ih13iw14_oc12kh5kw5_ph2pw2', 'standard'],
    ['winograd-f4x4', 'ic64ih27iw28_oc12kh3kw3_sh2sw2_ph1pw1', 'standard'],
    ['winograd-f4x4', 'ic24ih27iw28_oc12kh5kw5_sh2sw2_ph2pw2', 'standard'],
    ['winograd-f4x4', 'ic64ih13iw14_oc12kh2kw2_ph1pw1', 'standard'],
    ['winograd-f2x2', 'ic64ih13iw14_oc12kh3kw3_ph1pw1', 'high'],
    ['winograd-line', 'ic64ih9iw62_oc12kh1kw3_pw1', 'high'],
    ['winograd-line', 'ic64ih9iw62_oc12kh1kw9_pw4', 'standard'],
    ['indirect', 'ic64ih13iw14_oc12kh3kw3_ph1pw1', 'high'],
  ] as const)('%s on %s has the mean error of %s accuracy', (algorithm, text, accuracy) => {
    const given = parseCase(text);
    const { x, weight } = convOperands(given, realTensor);
    expectAccuracy(
      conv2d(x, weight, { ...convOptions(given), algorithm } as never),
      reference(x, weight, convOptions(given)),
      accuracy,
    );
  });

  // in parts of panels, with several blocks of tiles; of k; of groups; of kernel planes; phases of a stride with one,
  // two and three taps along an axis
  const parted = [
    'n3ic100ih38iw30_oc60kh3kw3_ph2pw2_bias',
    'ic520ih9iw8_oc20kh3kw3_ph1pw1_bias',
    'n2ic360ih14iw9_oc36kh3kw3_g2_ph1pw1_bias',
    'n2ic180id5ih14iw9_oc12kd3kh3kw3_pd1ph1pw1_bias',
    'n3ic100ih38iw30_oc60kh2kw2_ph1pw1_bias',
    'n3ic100ih77iw60_oc60kh3kw3_sh2sw2_ph2pw2_bias',
    'ic520ih19iw17_oc20kh4kw3_sh2sw2_ph1pw1_bias',
    'n2ic360ih28iw19_oc36kh3kw4_g2_sh2sw2_ph1pw1_bias',
    'n2ic90ih28iw19_oc36kh5kw6_g2_sh2sw2_ph1pw3_flip_bias',
    'ic60id5ih29iw19_oc12kd3kh3kw3_sd2sh2sw2_pd1ph1pw1_bias',
  ];
  it.each(parted.flatMap((text) => [text, `${text}_nhwc`]))('transforms weights in a run: %s', (text) => {
    const given = parseCase(text);
    const { x, weight, bias } = convOperands(given, integerTensor);
    // all of G is divided by 6 along each axis: with weights of 36 and small inputs every sum is exact
    const sign = { ...x, data: x.data.map(Math.sign) };
    const weights = { ...weight, data: weight.data.map((value) => 36 * Math.sign(value)) };
    const run = (algorithm: string) =>
      (given.rank === 3 ? conv3d : conv2d)(sign, weights, { ...convOptions(given), bias, algorithm } as never);
    const expected = run('indirect');
    poison(1 << 20);
    expectExact(run('winograd-f4x4'), expected);
  });

  it('serves input gradients', () => {
    const options = { ...convOptions(parseCase('n2ic20ih18iw16_oc24kh3kw3_ph1pw0')), layout: 'NCHW' as const };
    const [gradY, weight, xShape] = [realTensor([2, 24, 18, 14], 1), realTensor([24, 20, 3, 3], 2), [2, 20, 18, 16]];
    const problem = convProblem(2, xShape, weight.shape, options);
    expect(choose(convTable, { ...problem, ic: 24, oc: 20, ow: 16, pw: 2, pwEnd: 2 }).row.name).toBe('winograd-f4x4');
    const gradX = conv2dInputGrad(gradY, weight, xShape, options as never);
    expectWithinTiles(gradX, convInputGrad(gradY, weight, xShape, options));
    expect(gradX.data).not.toEqual(
      conv2dInputGrad(gradY, weight, xShape, { ...options, accuracy: 'high' } as never).data,
    );
  });

  it('spreads a NaN over its own tile and no further', () => {
    const given = parseCase('ic3ih12iw12_oc4kh3kw3_ph1pw1');
    const { x, weight } = convOperands(given, integerTensor);
    x.data[5 * 12 + 6] = Number.NaN;
    const options = { ...convOptions(given), algorithm: 'winograd-f4x4' } as never;
    const { data } = conv2d(x, weight, options);
    const clean = conv2d(
      { ...x, data: x.data.map((value) => (Number.isNaN(value) ? 0 : value)) },
      weight,
      options,
    ).data;
    for (let at = 0; at < data.length; at += 1) {
      // the patch of the tile at 4 i reads rows 4 i - 1 to 4 i + 4
      const [row, column] = [Math.floor(at / 12) % 12, at % 12].map((position) => Math.floor(position / 4));
      if (row === 1 && column === 1) expect(data[at]).toBeNaN();
      else expect(data[at]).toBe(clean[at]);
    }
  });
});

describe('the table chooses', () => {
  const chosen = (text: string, prepared = true) => {
    const given = parseCase(text);
    const { x, weight } = convOperands(given, (shape) => ({ data: new Float32Array(0), shape: [...shape] }));
    const problem = convProblem(given.rank as 2, x.shape, weight.shape, convOptions(given));
    return choose(convTable, { ...problem, prepared }).row.name;
  };

  it.each([
    ['ic64ih56iw56_oc64kh3kw3_ph1pw1', 'winograd-f4x4', 'tiles of 4 x 4 on ordinary layers'],
    ['ic256ih7iw7_oc256kh3kw3_ph1pw1', 'winograd-f4x4', 'even where tiles reach over the edge'],
    ['ic512ih7iw7_oc512kh3kw3_ph1pw1', 'winograd-f4x4', 'and weights are many'],
    [
      'ic512ih7iw7_oc512kh2kw2_ph1pw1',
      'winograd-f2x2',
      'tiles of 2 x 2 where transformed weights come at the pace of memory',
    ],
    ['ic128ih6iw6_oc128kh3kw3_ph1pw1', 'winograd-f2x2', 'tiles of 2 x 2 where larger ones would be empty'],
    ['ic512ih2iw2_oc512kh3kw3_ph1pw1', 'indirect', 'none where weights are all there is to read'],
    ['ic5ih56iw56_oc5kh3kw3_ph1pw1', 'indirect', 'none where transforms outweigh products'],
    ['ic128ih56iw56_oc128kh3kw3_ph1pw1_g32', 'groups-of-four', 'or groups are narrow'],
    ['ic128ih56iw56_oc128kh3kw3_ph1pw1_g4', 'winograd-f4x4', 'wide groups pay'],
    ['ic24ih56iw56_oc48kh3kw3_sh2sw2_g24_nhwc', 'depthwise', 'channels are repeated for a multiplier'],
    ['ic24ih56iw56_oc48kh2kw2_sh2sw2_g24_nhwc', 'indirect', 'but not for few products'],
    ['ic24ih56iw56_oc48kh2kw2_sh2sw2_g24', 'depthwise-planes', 'which planes take as they are'],
    ['ic16id16ih56iw56_oc32kd3kh3kw3_pd1ph1pw1', 'winograd-f4x4', 'kernel planes are slices'],
    ['ic64iw16000_oc64kw9_pw4', 'winograd-line', 'lines'],
    ['ic64ih56iw56_oc64kh3kw3_ph1pw1_high', 'indirect', 'none where accuracy is asked for'],
    ['ic128ih56iw56_oc128kh3kw3_sh2sw2_ph1pw1', 'winograd-f4x4', 'a stride of two is four phases'],
    ['ic64ih56iw56_oc64kh5kw5_sh2sw2_ph2pw2', 'winograd-f4x4', 'of two taps or three along an axis'],
    ['ic512ih14iw14_oc512kh3kw3_sh2sw2_ph1pw1', 'indirect', 'none where the phases have too few tiles'],
    ['ic3ih64iw64_oc64kh4kw4_sh2sw2_ph1pw1', 'indirect', 'or sums are short'],
    ['ic64ih56iw56_oc64kh3kw3_sh3sw3_ph1pw1', 'indirect', 'none with larger strides'],
  ])('%s: %s (%s)', (text, name) => {
    expect(chosen(text)).toBe(name);
  });

  it('reckons with the transform of weights that serve one call', () => {
    expect(chosen('ic64ih56iw56_oc64kh3kw3_ph1pw1', false)).toBe('winograd-f4x4');
    expect(chosen('ic512ih14iw14_oc512kh3kw3_ph1pw1', true)).toBe('winograd-f4x4');
    expect(chosen('ic512ih7iw7_oc512kh3kw3_ph1pw1', false)).toBe('winograd-f4x4');
    expect(chosen('ic512ih7iw7_oc512kh2kw2_ph1pw1', false)).toBe('indirect');
  });

  it('says why others do not serve', () => {
    useBuild('strict');
    const layer = prepareConv2d(integerTensor([8, 8, 3, 3], 1), {}, [1, 8, 9, 7]);
    expect(layer.refused).toContainEqual({
      name: 'winograd-f4x4',
      reason: expect.stringMatching(/of the time of the tile alone$/),
    });
    layer.dispose();
  });
});
