import fc from 'fast-check';
import { cases, furtherCases, smallCases } from '../../bench/cases.js';
import { operandsOf } from '../../bench/data.js';
import { parseProblem, workOf } from '../../bench/problem.js';
import { exportFor, prepare, rowsIn, type Setup } from '../../bench/stridewise.js';
import { type Api, type Arguments, type Drawn, drawn, handleOf, invoke, operators } from '../calls/index.js';
import { withOptions } from '../calls/variants.js';
import { columnCases } from '../columns/cases.js';
import { convCases } from '../conv/cases.js';
import { sizes } from '../gemm/cases.js';
import { weightGradCases } from '../gradients/cases.js';
import { blocks } from '../locally/cases.js';
import { adaptiveCases, dilatedCases, divisorCases, windowCases } from '../pool/cases.js';
import { formatCase, inLayout, parseCase } from '../support/cases.js';
import { strideCases, transposedCases } from '../transposed/cases.js';

/** Every call that two versions of the package are to answer alike. */

/** One call: `run` makes it with a version of the package. */
export interface Trial {
  /** Function and row. */
  readonly group: string;
  readonly title: string;
  readonly run: (api: Api) => { readonly result: unknown; readonly row?: unknown };
}

/** The lists of the tests, by operator. */
const lists: Readonly<Record<string, readonly string[]>> = {
  convR: convCases,
  convRInputGrad: [...convCases, ...strideCases],
  convRWeightGrad: [...convCases, ...weightGradCases],
  convRBackward: convCases,
  convTransposeR: transposedCases,
  convTransposeRInputGrad: transposedCases,
  convTransposeRWeightGrad: transposedCases,
  convTransposeRBackward: transposedCases,
  separableConvR: convCases.filter(isDepthwise),
  separableConvRBackward: convCases.filter(isDepthwise),
  locallyConnectedR: blocks,
  locallyConnectedRBackward: blocks,
  maxPoolR: [...windowCases, ...dilatedCases],
  maxPoolRInputGrad: [...windowCases, ...dilatedCases],
  avgPoolR: [...windowCases, ...divisorCases],
  avgPoolRInputGrad: [...windowCases, ...divisorCases],
  lpPoolR: windowCases,
  lpPoolRInputGrad: windowCases,
  ...Object.fromEntries(
    Object.keys(operators).flatMap((name) => (/^(adaptive|global)/.test(name) ? [[name, adaptiveCases]] : [])),
  ),
  ...Object.fromEntries(['im2col', 'unfold', 'col2im', 'fold'].map((name) => [name, columnCases])),
  ...Object.fromEntries(
    ['gemm', 'gemmBackward', 'matmul', 'linear', 'linearBackward'].map((name) => [
      name,
      sizes.map(([m, n, k]) => `m${m}n${n}k${k}`),
    ]),
  ),
};

function isDepthwise(text: string): boolean {
  const { rank, ic, g } = parseCase(text);
  return rank === 2 && g === ic && g > 1;
}

/** Cases drawn for each operator besides its list. */
const DRAWN = 40;

/** Both layouts of the cases in the list of an operator, and of some that are drawn. */
function textsOf(pattern: string): string[] {
  const texts = [...(lists[pattern] ?? []), ...fc.sample(operators[pattern].cases, { numRuns: DRAWN, seed: 1 })];
  const both = texts.flatMap((text) => {
    const given = parseCase(text);
    return given.rank === 0 ? [text] : [false, true].map((last) => formatCase(inLayout(given, last)));
  });
  return [...new Set(both)];
}

interface Handle {
  readonly algorithm?: unknown;
  readonly algorithms?: unknown;
  run(...args: Arguments): unknown;
  dispose(): void;
}

/** The rows that an error names to a call that insists on one that is not there. */
function rowsOf(apis: readonly Api[], work: (api: Api) => unknown): string[] {
  const names = apis.flatMap((api) => {
    try {
      work(api);
      return [];
    } catch (error) {
      return rowsIn((error as Error).message);
    }
  });
  return [...new Set(names)];
}

/** Ways to insist: on nothing, on high accuracy, on each row. */
const waysOf = (rows: readonly string[]) => [
  { group: 'automatic', options: {} },
  { group: 'high', options: { accuracy: 'high' } },
  ...rows.map((algorithm) => ({ group: algorithm, options: { algorithm } })),
];

/** The calls of the tests: plain, and through a handle. */
export function* testCalls(apis: readonly Api[]): Generator<Trial> {
  for (const pattern of Object.keys(operators)) {
    for (const text of textsOf(pattern)) {
      const call = drawn(pattern, text, 'reals');
      if (call === undefined) continue;
      const rows = rowsOf(apis, (api) => invoke(api, call.name, withOptions(call.args, { algorithm: 'none' })));
      for (const { group, options } of waysOf(rows))
        yield* trialsOf({ ...call, args: withOptions(call.args, options) }, group, text);
    }
  }
}

function* trialsOf(call: Drawn, group: string, title: string): Generator<Trial> {
  yield { group: `${call.name} ${group}`, title, run: (api) => ({ result: invoke(api, call.name, call.args) }) };
  const prepared = handleOf(call);
  if (prepared === undefined) return;
  yield {
    group: `${prepared.name} ${group}`,
    title,
    run(api) {
      const handle = invoke(api, prepared.name, prepared.prepare) as Handle;
      try {
        return { result: handle.run(...prepared.run()), row: handle.algorithm ?? handle.algorithms };
      } finally {
        handle.dispose();
      }
    },
  };
}

/** A row is insisted on up to so many FLOP, the yardstick, which is scalar, up to fewer: beyond they take too long. */
const flopOf = (row: string) => (row === 'direct' ? 2e7 : 5e8);

/** The problems of the bench, large enough for several blocks and bands of everything. */
export function* benchCalls(apis: readonly Api[]): Generator<Trial> {
  for (const [, text] of [...cases, ...furtherCases, ...smallCases]) {
    const problem = parseProblem(text);
    const operands = operandsOf(problem);
    const { amount } = workOf(problem);
    const result = (api: Api, setup: Setup) => {
      const subject = prepare(api, problem, operands, setup);
      try {
        return { result: subject.read(), row: subject.algorithm };
      } finally {
        subject.dispose();
      }
    };
    for (const layout of problem.operator === 'gemm' ? (['NCHW'] as const) : (['NCHW', 'NHWC'] as const)) {
      const plain: Setup = { layout, memory: 'heap', call: 'function' };
      const all = rowsOf(apis, (api) => result(api, { ...plain, algorithm: 'none' }));
      const rows = all.filter((row) => amount <= flopOf(row));
      const setups = [plain, { ...plain, call: 'prepared' as const }].flatMap((setup) =>
        [undefined, ...rows].map((algorithm): Setup => ({ ...setup, algorithm })),
      );
      for (const setup of setups) {
        const group = `${exportFor(problem, setup)} ${setup.algorithm ?? 'automatic'}`;
        yield { group, title: `${text} ${layout}`, run: (api) => result(api, setup) };
      }
    }
  }
}
