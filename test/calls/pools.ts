import * as reference from '../reference/index.js';
import { adaptiveCase, avgPoolCase, columnCase, lpPoolCase, maxPoolCase } from '../support/arbitraries.js';
import { type Case, has, parseCase } from '../support/cases.js';
import type { MakeTensor } from '../support/problems.js';
import {
  adaptiveOptions,
  avgPoolOptions,
  columnOptions,
  layoutOf,
  lpPoolOptions,
  maxPoolOptions,
  xShape,
} from '../support/problems.js';
import { type Arguments, float, type Operator, type Options, type Values } from './operator.js';

type Reader = (given: Case) => Options;
type Pool = (x: Values, options: never) => Values;

/** The forward call of a pool. */
const over =
  (options: Reader) =>
  (given: Case, make: MakeTensor): Arguments => [make(xShape(given), 1), options(given)];

/** As `over`, with the indices asked for in half of the cases. */
const maxOver = (options: Reader) => (given: Case, make: MakeTensor) =>
  over((g) => ({ ...options(g), returnIndices: g.ic % 2 === 1 }))(given, make);

/** Result and indices of a max pool in the form of the package. */
const maxResult =
  (pool: (x: Values, options: never) => reference.MaxPoolResult) =>
  (x: Values, options: Options): unknown => {
    const { indices, ...output } = pool(x, options as never);
    return options.returnIndices ? { output, indices } : output;
  };

/** Gradient with respect to the input, of a pool that needs its shape alone. */
const shapeGrad = (pool: Pool, options: Reader) => (given: Case, make: MakeTensor) => {
  const shape = xShape(given);
  return [make(pool(make(shape, 1), options(given) as never).shape, 5), shape, options(given)];
};

const maxGrad =
  (pool: (x: Values, options: never) => reference.MaxPoolResult, options: Reader) =>
  (given: Case, make: MakeTensor) => {
    const { shape, indices } = pool(make(xShape(given), 1), options(given) as never);
    return [make(shape, 5), indices, xShape(given), options(given)];
  };

const lpGrad = (given: Case, make: MakeTensor) => {
  const x = make(xShape(given), 1);
  const y = float(reference.lpPool(x, lpPoolOptions(given)));
  return [make(y.shape, 5), x, y, lpPoolOptions(given)];
};

const spatial = (given: Case): number[] => (has(given, 'nhwc') ? xShape(given).slice(1, -1) : xShape(given).slice(2));

/** Options of the unpooling of a max pool; its windows have no padding word. */
function unpoolOptions(given: Case): Options {
  const { ceilMode: _, ...options } = maxPoolOptions(given);
  return { ...options, outputSize: spatial(given) };
}

const unpooled = (given: Case, make: MakeTensor) => {
  const { indices, ...pooled } = reference.maxPool(make(xShape(given), 1), maxPoolOptions(given));
  return [float(pooled), indices, unpoolOptions(given)];
};

const unpoolGrad = (given: Case, make: MakeTensor) => {
  const { indices } = reference.maxPool(make(xShape(given), 1), maxPoolOptions(given));
  return [make(xShape(given), 5), indices, indices.shape, unpoolOptions(given)];
};

/** The reference has one extent per axis. */
const unpoolResult = (x: Values, indices: Values, { outputSize, ...options }: Options) => {
  const each = typeof outputSize === 'number' ? x.shape.slice(2).map(() => outputSize) : outputSize;
  return reference.maxUnpool(x, indices, { ...options, outputSize: each } as never);
};

const unpoolCase = maxPoolCase().filter((text) => {
  const { flags } = parseCase(text);
  return flags.every((flag) => flag === 'nhwc');
});

const columns = (given: Case, make: MakeTensor) => {
  const { shape } = reference.im2col(make(xShape(given), 1), columnOptions(given));
  return [make(shape, 1), { ...columnOptions(given), outputSize: spatial(given) }];
};

const layoutAlone: Reader = (given) => ({ layout: layoutOf(given) });

/** Pools, their gradients, and columns; `R` stands for the rank. */
export const pools: Readonly<Record<string, Operator>> = {
  maxPoolR: { cases: maxPoolCase(), args: maxOver(maxPoolOptions), expected: maxResult(reference.maxPool) },
  maxPoolRInputGrad: { cases: maxPoolCase(), args: maxGrad(reference.maxPool, maxPoolOptions) },
  adaptiveMaxPoolR: {
    cases: adaptiveCase(),
    args: maxOver(adaptiveOptions),
    expected: maxResult(reference.adaptiveMaxPool),
  },
  adaptiveMaxPoolRInputGrad: {
    cases: adaptiveCase(),
    args: maxGrad(reference.adaptiveMaxPool, adaptiveOptions),
    expected: reference.maxPoolInputGrad,
  },
  globalMaxPool: { cases: adaptiveCase(), args: maxOver(layoutAlone), expected: maxResult(reference.globalMaxPool) },
  globalMaxPoolInputGrad: {
    cases: adaptiveCase(),
    args: maxGrad(reference.globalMaxPool, layoutAlone),
    expected: reference.maxPoolInputGrad,
  },
  avgPoolR: { cases: avgPoolCase(), args: over(avgPoolOptions), rounds: true },
  avgPoolRInputGrad: { cases: avgPoolCase(), args: shapeGrad(reference.avgPool, avgPoolOptions), rounds: true },
  adaptiveAvgPoolR: { cases: adaptiveCase(), args: over(adaptiveOptions), rounds: true },
  adaptiveAvgPoolRInputGrad: {
    cases: adaptiveCase(),
    args: shapeGrad(reference.adaptiveAvgPool, adaptiveOptions),
    rounds: true,
  },
  globalAvgPool: { cases: adaptiveCase(), args: over(layoutAlone), rounds: true },
  globalAvgPoolInputGrad: {
    cases: adaptiveCase(),
    args: shapeGrad(reference.globalAvgPool, layoutAlone),
    expected: (gradY: Values, shape: readonly number[], options: Options) =>
      reference.adaptiveAvgPoolInputGrad(gradY, shape, { ...options, outputSize: 1 } as never),
    rounds: true,
  },
  lpPoolR: { cases: lpPoolCase(), args: over(lpPoolOptions), rounds: true },
  lpPoolRInputGrad: { cases: lpPoolCase(), args: lpGrad, rounds: true },
  maxUnpoolR: { cases: unpoolCase, args: unpooled, expected: unpoolResult },
  maxUnpoolRInputGrad: { cases: unpoolCase, args: unpoolGrad },
  im2col: { cases: columnCase(), args: over(columnOptions) },
  unfold: { cases: columnCase(), args: over(columnOptions), expected: reference.im2col },
  col2im: { cases: columnCase(), args: columns },
  fold: { cases: columnCase(), args: columns, expected: reference.col2im },
};
