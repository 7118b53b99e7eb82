import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { arena, col2im, conv2d, fold, gemm, im2col, OptionError, unfold } from '../../src/index.js';
import { linearAsConv as linearFact, toeplitz, transposed } from '../fixtures/matrix-facts.js';
import { convExamples } from '../fixtures/worked-examples.js';
import * as reference from '../reference/index.js';
import { dot } from '../support/algebra.js';
import { columnCase, propertyRuns } from '../support/arbitraries.js';
import { expectExact, expectPrinted, expectWithin } from '../support/bounds.js';
import { builds, leavesNothing, useBuild } from '../support/builds.js';
import { type Case, parseCase } from '../support/cases.js';
import { integerTensor, realTensor } from '../support/data.js';
import { checkFence, fencedOutput } from '../support/fence.js';
import { columnOptions, type MakeTensor, xShape } from '../support/problems.js';
import { columnCases } from './cases.js';

const outFor = ({ data, shape }: { readonly data: ArrayLike<number>; readonly shape: number[] }) => ({
  data: fencedOutput(data.length),
  shape,
});

/** Columns of a case and back again, each against the reference: copies are exact, and so are sums of integers. */
function check(given: Case, make: MakeTensor): void {
  const x = make(xShape(given), 1);
  const options = columnOptions(given);
  const columns = reference.im2col(x, options);
  const out = outFor(columns);
  leavesNothing(() => im2col(x, { ...options, out }));
  checkFence(out.data);
  expectExact(out, columns);

  const outputSize = given.flags.includes('nhwc') ? x.shape.slice(1, -1) : x.shape.slice(2);
  const gradient = make(columns.shape, 2);
  const folded = reference.col2im(gradient, { ...options, outputSize });
  const to = outFor(folded);
  leavesNothing(() => col2im(gradient, { ...options, outputSize, out: to }));
  checkFence(to.data);
  if (make === integerTensor) {
    expectExact(to, folded);
    expect(dot(out, gradient)).toBe(dot(x, to));
  } else expectWithin(to, folded, folded.magnitude, folded.terms);
}

describe.each(builds)('%s build', (build) => {
  beforeAll(() => useBuild(build));

  it.each(columnCases.flatMap((text) => [text, `${text}_nhwc`]))('equals the reference: %s', (text) => {
    check(parseCase(text), integerTensor);
    check(parseCase(text), realTensor);
  });

  it('equals the reference on drawn cases, and the two are adjoint', () => {
    fc.assert(
      fc.property(columnCase(), (text) => check(parseCase(text), integerTensor)),
      propertyRuns(300),
    );
  });

  it('passes NaN and infinities, and puts zeros round them', () => {
    const x = { data: Float32Array.of(Number.NaN, 1, Number.NEGATIVE_INFINITY), shape: [1, 1, 3] };
    const columns = im2col(x, { kernelSize: 2, padding: 1 });
    expectExact(columns, Float32Array.of(0, Number.NaN, 1, -Infinity, Number.NaN, 1, -Infinity, 0));
    const stride = { kernelSize: 1, stride: 2, outputSize: [9] };
    const odd = Float32Array.of(Number.NaN, Number.POSITIVE_INFINITY, 1, 2, 3);
    expectExact(
      col2im({ data: odd, shape: [1, 1, 5] }, stride),
      Float32Array.of(Number.NaN, 0, Number.POSITIVE_INFINITY, 0, 1, 0, 2, 0, 3),
    );
  });
});

describe('columns', () => {
  beforeAll(() => useBuild('strict'));

  it('are the Toeplitz matrix of the data', () => {
    const { data, filter, fromData, product } = toeplitz;
    const columns = unfold(
      { data: Float32Array.from(data), shape: [1, 1, data.length] },
      { kernelSize: filter.length },
    );
    expectExact(columns.data, transposed(fromData).flat());
    const row = { data: Float32Array.from(filter), shape: [1, filter.length] };
    expectExact(gemm(row, { data: columns.data, shape: columns.shape.slice(1) }).data, product);
  });

  const plain = convExamples.filter(({ x, bias, options }) => {
    return !bias && !options.flipKernel && !options.layout.endsWith('C') && x.shape[0] === 1;
  });
  it.each(plain)('times the weights are the convolution $id', ({ x, weight, options: { stride, padding }, y }) => {
    const columns = im2col(x, { kernelSize: weight.shape.slice(2), stride, padding });
    const rows = { data: weight.data, shape: [weight.shape[0], columns.shape[1]] };
    expectPrinted(gemm(rows, { data: columns.data, shape: columns.shape.slice(1) }).data, y.data);
  });

  it('of a window as large as the map are the flattened map', () => {
    const { map, x } = linearFact;
    expectExact(im2col({ data: Float32Array.from(x), shape: [1, ...map] }, { kernelSize: map.slice(1) }).data, x);
  });

  it('folded back count how many windows hold a cell', () => {
    const ones = im2col({ data: new Float32Array(20).fill(1), shape: [1, 1, 4, 5] }, { kernelSize: 3, padding: 1 });
    const counts = fold(ones, { kernelSize: 3, padding: 1, outputSize: [4, 5] });
    expectExact(counts, Float32Array.of(4, 6, 6, 6, 4, 6, 9, 9, 9, 6, 6, 9, 9, 9, 6, 4, 6, 6, 6, 4));
  });

  it('stay in wasm memory between arena tensors, and within their own', () => {
    const tensors = arena();
    try {
      const x = tensors.from(integerTensor([2, 3, 5, 16], 1).data, [2, 3, 5, 16]);
      // 1440, 384 and 480 floats fill their cache lines, so that what stands behind them begins where they end
      for (const [columnsShape, stride] of [
        [[2, 12, 60], 1],
        [[2, 12, 16], 2],
      ] as const) {
        const columns = tensors.tensor(columnsShape);
        const behind = tensors.from([7], [1]);
        im2col(x, { kernelSize: 2, stride, out: columns });
        expectExact(columns, reference.im2col(x, { kernelSize: 2, stride }));
        const back = tensors.tensor(x.shape);
        const last = tensors.from([8], [1]);
        const options = { kernelSize: 2, stride, outputSize: [5, 16] };
        expectExact(col2im(columns, { ...options, out: back }), reference.col2im(columns, options));
        expect([...behind.data, ...last.data]).toEqual([7, 8]);
      }
    } finally {
      tensors.dispose();
    }
  });

  it('are refused with the numbers, and leave nothing behind', () => {
    const x = integerTensor([1, 2, 4, 4], 1);
    const buffer = new Float32Array(64);
    const mistakes: [() => unknown, RegExp][] = [
      [() => im2col(x, {} as never), /kernelSize is required/],
      [() => im2col(x, undefined as never), /kernelSize is required/],
      [() => im2col(x, { kernel: 3 } as never), /unknown option "kernel", did you mean "kernelSize"/],
      [() => im2col(x, { kernelSize: 5 }), /output height is 0/],
      [
        () =>
          im2col(
            { data: buffer.subarray(0, 32), shape: [1, 2, 4, 4] },
            { kernelSize: 4, out: { data: buffer.subarray(16, 48), shape: [1, 32, 1] } },
          ),
        /out shares bytes 64 to 127/,
      ],
      [() => im2col(x, { kernelSize: 2, out: integerTensor([1, 8, 8], 1) }), /axis 2 is 8 instead of 9/],
      [() => col2im(x, { kernelSize: 2, outputSize: [4, 4] }), /columns has rank 4/],
      [
        () => col2im(integerTensor([1, 8, 9], 1), { kernelSize: 3, outputSize: [4, 4] }),
        /8 rows, expected a multiple of 9/,
      ],
      [
        () => col2im(integerTensor([1, 8, 8], 1), { kernelSize: 2, outputSize: [4, 4] }),
        /8 positions, expected 9 \(3 x 3\)/,
      ],
      [() => col2im(integerTensor([1, 8, 9], 1), { kernelSize: 2 } as never), /outputSize is undefined/],
    ];
    for (const [mistake, message] of mistakes) leavesNothing(() => expect(mistake).toThrow(message));
    expect(() => im2col(x, { kernelSize: 2, paddingMode: 'reflect' } as never)).toThrow(OptionError);
    expect(conv2d(x, integerTensor([1, 2, 3, 3], 2)).shape).toEqual([1, 1, 2, 2]);
  });
});
