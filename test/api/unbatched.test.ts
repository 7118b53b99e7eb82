import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import * as api from '../../src/index.js';
import { type Arguments, callOf, invoke, namedResults, type Options, operators, type Values } from '../calls/index.js';
import { withOptions } from '../calls/variants.js';
import { builds, leavesNothing, useBuild } from '../support/builds.js';
import { parseCase } from '../support/cases.js';

/** Which arguments of an operator are maps with a batch, or shapes of such. */
const maps: Readonly<Record<string, readonly number[]>> = {
  convR: [0],
  convRInputGrad: [0, 2],
  convRWeightGrad: [0, 1],
  convRBackward: [0, 1],
  convTransposeR: [0],
  convTransposeRInputGrad: [0, 2],
  convTransposeRWeightGrad: [0, 1],
  convTransposeRBackward: [0, 1],
  biasGrad: [0],
  locallyConnectedR: [0],
  locallyConnectedRBackward: [0, 1],
  separableConvR: [0],
  separableConvRBackward: [0, 1],
  maxPoolR: [0],
  maxPoolRInputGrad: [0, 1, 2],
  adaptiveMaxPoolR: [0],
  adaptiveMaxPoolRInputGrad: [0, 1, 2],
  globalMaxPool: [0],
  globalMaxPoolInputGrad: [0, 1, 2],
  avgPoolR: [0],
  avgPoolRInputGrad: [0, 1],
  adaptiveAvgPoolR: [0],
  adaptiveAvgPoolRInputGrad: [0, 1],
  globalAvgPool: [0],
  globalAvgPoolInputGrad: [0, 1],
  lpPoolR: [0],
  lpPoolRInputGrad: [0, 1, 2],
  maxUnpoolR: [0, 1],
  maxUnpoolRInputGrad: [0, 1, 2],
  im2col: [0],
  unfold: [0],
  col2im: [0],
  fold: [0],
};

/** Results that have no batch anyway. */
const parameters = ['gradWeight', 'gradBias', 'gradDepthwise', 'gradPointwise'];

function single(map: unknown): unknown {
  if (Array.isArray(map)) return map.slice(1);
  const { data, shape } = map as Values;
  return { data, shape: shape.slice(1) };
}

/** Options with their layout spelled out, which tells [c, h, w] from [n, c, l] where no other argument does. */
const spelled = (options: Options, rank: number): Options => ({
  ...options,
  layout: options.layout ?? ['NCL', 'NCHW', 'NCDHW'][rank - 1],
});

const singleOptions = ({ add, y, ...options }: Options): Options => ({
  ...options,
  ...(add !== undefined && { add: single(add) }),
  ...(y !== undefined && { y: single(y) }),
});

const stripped = (args: Arguments, at: readonly number[]): Arguments => [
  ...args.slice(0, -1).map((arg, i) => (at.includes(i) ? single(arg) : arg)),
  singleOptions(args[args.length - 1] as Options),
];

function expectSingle(pattern: string, found: unknown, batched: unknown): void {
  const [of, all] = [namedResults(found), namedResults(batched)];
  expect(Object.keys(of)).toEqual(Object.keys(all));
  const keepsShape = pattern.endsWith('WeightGrad') || pattern === 'biasGrad';
  for (const [name, { data, shape }] of Object.entries(all)) {
    expect(of[name].shape).toEqual(keepsShape || parameters.includes(name) ? shape : shape.slice(1));
    expect(of[name].data).toEqual(data);
  }
}

/** One image per case, in the layouts that the cases name. */
const casesOf = (pattern: string) =>
  fc.sample(operators[pattern].cases, { numRuns: 8, seed: 19 }).map((text) => text.replace(/^n\d+/, ''));

describe.each(builds)('%s build', (build) => {
  beforeAll(() => useBuild(build));

  it.each(Object.entries(maps))('%s: one image without a batch gives what it gives with one', (pattern, at) => {
    let checked = 0;
    for (const text of casesOf(pattern)) {
      const call = callOf(pattern, text, 'integers');
      if (call === undefined || !(call.name in api)) continue;
      const { rank } = parseCase(text);
      const args = withOptions(call.args, spelled(call.args[call.args.length - 1] as Options, rank));
      const batched = invoke(api, call.name, args);
      const found = leavesNothing(() => invoke(api, call.name, stripped(args, at)));
      expectSingle(pattern, found, batched);
      checked++;
      if (call.handle) {
        const { name, prepare, run } = call.handle;
        const shapeAt = name.endsWith('Backward') ? prepare.length - 2 : prepare.length - 1;
        const layer = invoke(
          api,
          name,
          prepare.map((arg, i) => (i === shapeAt ? single(arg) : arg)),
        ) as {
          run(...operands: unknown[]): unknown;
          dispose(): void;
        };
        const operands = run().map((operand, i) => {
          if (at.includes(i) || (i === 2 && operand !== undefined && !name.endsWith('Backward')))
            return single(operand);
          const isOptions = typeof operand === 'object' && operand !== null && !('shape' in operand);
          return isOptions ? singleOptions(operand as Options) : operand;
        });
        expectSingle(pattern, layer.run(...operands), batched);
        layer.dispose();
      }
      // a batch in one operand alone is refused
      if (at.length > 1) {
        for (const one of at) expect(() => invoke(api, call.name, stripped(args, [one]))).toThrow(api.ShapeError);
      }
    }
    expect(checked).toBeGreaterThan(0);
  });
});

it('knows every operator that has maps', () => {
  const products = ['gemm', 'gemmBackward', 'matmul', 'matmulBackward', 'linear', 'linearBackward', 'linearAsConv'];
  expect(Object.keys(operators).filter((name) => !products.includes(name))).toEqual(Object.keys(maps));
});

it('takes the first of three axes for the batch where nothing says otherwise', () => {
  const x = api.tensor([1, 2, 3, 4, 5, 6], [1, 2, 3]);
  expect(api.globalMaxPool(x)).toEqual(api.tensor([3, 6], [1, 2, 1]));
  expect(api.globalMaxPool(x, { layout: 'NCHW' })).toEqual(api.tensor([6], [1, 1, 1]));
  expect(api.globalMaxPool(api.tensor([1, 2, 3, 4, 5, 6], [2, 3]))).toEqual(api.tensor([3, 6], [2, 1]));
});
