import { beforeAll, describe, expect, it } from 'vitest';
import { conv2dInputGrad, prepareConv2d } from '../../src/index.js';
import { convInputGrad, conv as reference } from '../reference/index.js';
import { expectExact } from '../support/bounds.js';
import { builds, useBuild, variants } from '../support/builds.js';
import { parseCase } from '../support/cases.js';
import { integerTensor } from '../support/data.js';
import { checkFence, fencedOutput } from '../support/fence.js';
import { convOperands, convOptions } from '../support/problems.js';

/** From a mebibyte of input on, tiles of the depthwise kernel touch what the next tile reads. */
const far = [
  'ic41ih97iw75_oc41kh3kw3_ph1pw1_g41_nhwc',
  'n2ic30ih101iw89_oc30kh3kw3_sh2sw2_ph1pw1_g30_relu_nhwc',
  'ic96ih3iw1000_oc96kh3kw3_sw2_pw1_g96_nhwc',
  'ic64ih4200iw4_oc64kh2kw3_sh2_pw1_g64_nhwc',
  'ic44ih130iw50_oc44kh5kw5_ph2pw2_g44',
  'ic44ih130iw50_oc44kh5kw5_ph2pw2_g44_nhwc',
  // planes in bands: the last one shorter, rows above and below, of two strides, of rows further apart, repeated
  'n2ic3ih150iw130_oc6kh3kw3_ph1pw1_g3',
  'ic3ih301iw141_oc3kh3kw3_sh2sw2_ph1pw1_g3_relu',
  'ic2ih190iw121_oc2kh5kw3_dh3_ph6pw1_g2',
  'ic2ih5iw9000_oc2kh3kw3_ph1pw1_g2',
  'ic2ih70iw130_oc2kh3kw3_ph150phe200pw1_g2',
  'ic2ih170iw140_oc2kh3kw3_ph1pw1_g2_flip',
  'ic72ih70iw57_oc72kh7kw7_sh2sw2_ph3pw3_g72_relu_nhwc',
  'ic64ih66iw64_oc64kh3kw3_ph1pw1_g16_nhwc',
];

describe.each(variants)('depthwise images that the cache does not hold, %s build', (build) => {
  beforeAll(() => useBuild(build));

  it.each(far)('%s', (text) => {
    const given = parseCase(text);
    const { x, weight } = convOperands(given, integerTensor);
    const options = convOptions(given);
    const expected = reference(x, weight, options);
    const layer = prepareConv2d(weight, options as never, x.shape);
    expect(['depthwise-planes', 'depthwise', 'groups-of-four']).toContain(layer.algorithm);
    const out = { data: fencedOutput(expected.data.length), shape: expected.shape };
    layer.run(x, out);
    checkFence(out.data);
    expectExact(out, expected);
    layer.dispose();
  });
});

/** What is added to is the result itself: tiles that overlap would add to some of it twice. */
describe.each(builds)('input gradients of depthwise planes add to what is there, %s build', (build) => {
  beforeAll(() => useBuild(build));

  it.each([
    [10, 12],
    [15, 8],
    [9, 16],
    [8, 9],
  ])('%i x %i pixels', (h, w) => {
    const shape = [2, 5, h, w];
    const options = { padding: 1, groups: 5 };
    const [gradY, weight] = [integerTensor(shape, 1), integerTensor([5, 1, 3, 3], 2)];
    const { data } = convInputGrad(gradY, weight, shape, options);
    const out = { data: new Float32Array(data.length).fill(3), shape };
    conv2dInputGrad(gradY, weight, shape as [number, number, number, number], { ...options, accumulate: true, out });
    expectExact(out, { data: data.map((value) => value + 3), shape });
  });
});
