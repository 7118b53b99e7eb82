import { beforeAll, describe, expect, it } from 'vitest';
import {
  biasGrad,
  conv2d,
  gemmBackward,
  locallyConnected1dBackward,
  prepareConv2dBackward,
  type Tensor,
} from '../../src/index.js';
import * as reference from '../reference/index.js';
import { expectExact } from '../support/bounds.js';
import { builds, useBuild } from '../support/builds.js';
import { integerTensor } from '../support/data.js';

const MILLION = 2 ** 20;
/** Sums of so many numbers of one sign are wrong by this much of themselves at most. */
const BOUND = 1e-6;

const tenths = (shape: readonly number[]): Tensor => ({
  data: new Float32Array(shape.reduce((product, extent) => product * extent, 1)).fill(0.1),
  shape,
});

const expectSum = (sums: Tensor | undefined, terms: number) => {
  const exact = terms * Math.fround(0.1);
  for (const sum of sums?.data ?? [Number.NaN]) expect(Math.abs(sum - exact)).toBeLessThanOrEqual(BOUND * exact);
};

describe.each(builds)('%s build', (build) => {
  beforeAll(() => useBuild(build));

  it.each([
    [[1, 2, MILLION], 'NCL'],
    [[1, MILLION, 2], 'NLC'],
    [[1, MILLION / 16, 17], 'NLC'],
    [[MILLION, 2, 1], 'NCL'],
    [[1, 2, 1023, 1025], 'NCHW'],
    [[3, 589, 600, 3], 'NHWC'],
    [[2, 2, 80, 81, 83], 'NCDHW'],
    [[2, 80, 81, 83, 2], 'NDHWC'],
  ] as const)('a bias gradient over %j, %s, is right to 1e-6', (shape, layout) => {
    const c = layout.endsWith('C') ? shape[shape.length - 1] : shape[1];
    const gradY = tenths(shape);
    expectSum(biasGrad(gradY, { layout }), gradY.data.length / c);
  });

  it('so are those of other operators, and of what gemm spreads', () => {
    const x = tenths([1, 1, 1024, 1024]);
    const layer = prepareConv2dBackward({}, x.shape, [1, 1, 1, 1]);
    expectSum(layer.run(x, x, tenths([1, 1, 1, 1]), { wanted: { bias: true } }).gradBias, MILLION);
    layer.dispose();
    const [m, n] = [MILLION / 8, 17];
    const [a, b] = [tenths([m, 1]), tenths([1, n])];
    for (const [shape, terms] of [
      [[n], m],
      [[m, 1], n],
      [[], m * n],
    ] as const) {
      const { gradC, gradBias } = gemmBackward(tenths([m, n]), a, b, { c: tenths(shape), bias: new Float32Array(n) });
      expectSum(gradC, terms);
      expectSum(gradBias, m);
    }
  });

  it('few outputs of long windows are exact on integers, pass by pass', () => {
    for (const [ic, k] of [
      [8192, 1],
      [8196, 1],
      [20000, 1],
      [3000, 3],
    ]) {
      for (const oc of [1, 2, 5]) {
        const [x, weight] = [integerTensor([1, 2, 1 + k, ic], 1), integerTensor([1, k, ic, oc], 2)];
        const add = integerTensor([1, 2, 2, oc], 3);
        const options = {
          layout: 'NHWC',
          bias: integerTensor([oc], 4).data,
          add,
          activation: { clamp: [-900, 900] },
        } as const;
        const y = conv2d(x, weight, { ...options, algorithm: 'few-outputs' });
        expectExact(y, conv2d(x, weight, { ...options, algorithm: 'direct' }));
      }
    }
  });

  it.each(['NCL', 'NLC'] as const)('weights of a locally connected layer gather from many images: %s', (layout) => {
    const last = layout === 'NLC';
    const [n, ic, length, oc, kernel] = [600, 3, 5, 7, 2];
    const x = integerTensor(last ? [n, length, ic] : [n, ic, length], 1);
    const weight = integerTensor(last ? [4, kernel, ic, oc] : [oc, 4, ic, kernel], 2);
    const gradY = integerTensor(last ? [n, 4, oc] : [n, oc, 4], 3);
    const { gradWeight } = locallyConnected1dBackward(gradY, x, weight, { layout, wanted: { weight: true } });
    const expected = reference.locallyConnectedBackward(gradY, x, weight, { layout } as never);
    expectExact(gradWeight as Tensor, expected.gradWeight);
  });
});
