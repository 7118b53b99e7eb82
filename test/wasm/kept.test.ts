import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  prepareLinear,
  prepareLocallyConnected2d,
  prepareLocallyConnected2dBackward,
  prepareSeparableConv2d,
  UnsupportedError,
} from '../../src/index.js';
import { convTable } from '../../src/plan/conv.js';
import { inputGradTable } from '../../src/plan/input-grad.js';
import { weightGradTable } from '../../src/plan/weight-grad.js';
import { type Address, Arena } from '../../src/wasm/arena.js';
import type { Job } from '../../src/wasm/crew.js';
import { convCases } from '../conv/cases.js';
import { weightGradCases } from '../gradients/cases.js';
import { linear, operatorNames, operators } from '../gradients/operators.js';
import * as reference from '../reference/index.js';
import { builds, poison, useBuild } from '../support/builds.js';
import { type Case, has, parseCase } from '../support/cases.js';
import { integerTensor } from '../support/data.js';
import { convOperands, convOptions, kernelOf, xShape } from '../support/problems.js';
import { transposedCases } from '../transposed/cases.js';

/**
 * Prepared work is data: a run leaves every byte of every kept block as it was, so that two instances over one memory
 * can run it at once.
 */

/** Rows that still write to what they keep. It shrinks: a row that has stopped must go from here. */
const stillWritten: Readonly<Record<string, readonly string[]>> = {
  conv: [],
  inputGrad: [],
  weightGrad: [],
};

/** Kept blocks of the arena in use. */
const blocks = new Map<Address, number>();
let arena: Arena | undefined;

const { keep, free } = Arena.prototype;

function watchArena(): void {
  vi.spyOn(Arena.prototype, 'keep').mockImplementation(function (this: Arena, bytes) {
    if (arena !== this) blocks.clear();
    arena = this;
    const at = keep.call(this, bytes);
    blocks.set(at, bytes);
    return at;
  });
  vi.spyOn(Arena.prototype, 'free').mockImplementation(function (this: Arena, at) {
    if (arena === this) blocks.delete(at);
    free.call(this, at);
  });
}

const words = (): Int32Array[] =>
  [...blocks].map(([at, bytes]) => (arena as Arena).i32(at, Math.ceil(bytes / 4)).slice());

/** Rows that ran with something kept, and those of them that wrote to it. */
const ran = new Set<string>();
const written = new Set<string>();

function watchRun<T>(name: string, run: () => T): T {
  const [all, before] = [[...blocks], words()];
  const result = run();
  expect([...blocks]).toEqual(all);
  if (all.length > 0) ran.add(name);
  if (words().some((block, i) => block.some((word, at) => word !== before[i][at]))) written.add(name);
  return result;
}

interface Row {
  readonly name: string;
  prepare(...problem: never[]): Job<never>;
}

/** Watches every run of what the rows of a table prepare. */
function watchTable(table: readonly Row[]): void {
  for (const row of table) {
    const prepare = row.prepare.bind(row);
    vi.spyOn(row, 'prepare').mockImplementation((...problem) => {
      const job = prepare(...problem);
      const steps = job.steps.map(({ units, run }) => ({
        units,
        run: (...operands: Parameters<typeof run>) => watchRun(row.name, () => run(...operands)),
      }));
      return { ...job, steps };
    });
  }
}

/** Calls a row by its name, if it serves. */
function insist(algorithm: string, call: (options: { readonly algorithm: string }) => unknown): void {
  poison();
  try {
    call({ algorithm });
  } catch (error) {
    if (!(error instanceof UnsupportedError)) throw error;
  }
}

const layouts = (text: string): Case[] => [parseCase(text), parseCase(`${text}_nhwc`)];
const cases = { conv: convCases.flatMap(layouts), convTranspose: transposedCases.flatMap(layouts) };

/** The names of a table, and those that are known to write, in its order. */
function expectUnwritten(table: readonly Row[], known: readonly string[]): void {
  const names = table.map(({ name }) => name);
  expect(names.filter((name) => ran.has(name))).toEqual(names);
  expect(names.filter((name) => written.has(name))).toEqual(known);
}

beforeEach(() => {
  watchArena();
  ran.clear();
  written.clear();
});
afterEach(() => void vi.restoreAllMocks());

describe.each(builds)('%s build', (build) => {
  beforeAll(() => useBuild(build));

  it('rows of convolutions leave what they keep as it was', () => {
    watchTable(convTable);
    for (const given of cases.conv) {
      const { x, weight, bias } = convOperands(given);
      const options = { ...convOptions(given), ...(bias && { bias }) };
      const add = has(given, 'add') && { add: integerTensor(reference.conv(x, weight, options).shape, 4) };
      const convolve = operators.conv.forward(given);
      for (const { name } of convTable)
        insist(name, (row) => convolve(x, weight, { ...options, ...add, ...row } as never));
    }
    expectUnwritten(convTable, stillWritten.conv);
  });

  it('rows of input gradients and transposed convolutions do', () => {
    watchTable(inputGradTable);
    for (const kind of operatorNames) {
      for (const given of cases[kind]) {
        const { operands, options, forward, inputGrad, reference } = operators[kind];
        const { x, weight, bias } = operands(given);
        const unclamped = linear(options(given));
        const gradY = integerTensor(reference.forward(x, weight, unclamped as never).shape, 5);
        for (const { name } of inputGradTable)
          insist(name, (row) =>
            kind === 'conv'
              ? inputGrad(given)(gradY, weight, x.shape, { ...unclamped, ...row } as never)
              : forward(given)(x, weight, { ...options(given), ...(bias && { bias }), ...row } as never),
          );
      }
    }
    expectUnwritten(inputGradTable, stillWritten.inputGrad);
  });

  it('rows of weight gradients do', () => {
    watchTable(weightGradTable);
    for (const given of [...cases.conv, ...weightGradCases.flatMap(layouts)]) {
      const { x, weight } = convOperands(given);
      const options = linear(convOptions(given));
      const gradY = integerTensor(reference.conv(x, weight, options).shape, 5);
      const gradient = operators.conv.weightGrad(given);
      for (const { name } of weightGradTable)
        insist(name, (row) => gradient(x, gradY, weight.shape, { ...options, ...row } as never));
    }
    expectUnwritten(weightGradTable, stillWritten.weightGrad);
  });

  it('other prepared layers do', () => {
    for (const given of ['n2ic3ih9iw7_oc5kh3kw2_ph1pw1_bias', 'n2ic8ih30iw31_oc16kh3kw3_ph1pw1_bias_relu'].flatMap(
      layouts,
    )) {
      const { groups: _, ...options } = convOptions(given);
      const x = integerTensor(xShape(given), 1);
      const last = has(given, 'nhwc');
      const { ic, oc } = given;
      const kernel = kernelOf(given);
      const [depthwise, pointwise] = last
        ? [integerTensor([...kernel, 1, ic], 2), integerTensor([1, 1, ic, oc], 3)]
        : [integerTensor([ic, 1, ...kernel], 2), integerTensor([oc, ic, 1, 1], 3)];
      const separable = prepareSeparableConv2d(depthwise, pointwise, options as never, x.shape);
      const y = watchRun('separable', () => separable.run(x));
      separable.dispose();

      const output = last ? y.shape.slice(1, -1) : y.shape.slice(2);
      const weight = integerTensor(last ? [...output, ...kernel, ic, oc] : [oc, ...output, ic, ...kernel], 2);
      const local = prepareLocallyConnected2d(weight, options as never, x.shape);
      watchRun('locally connected', () => local.run(x));
      local.dispose();
      const backward = prepareLocallyConnected2dBackward(options as never, x.shape, weight.shape);
      watchRun('locally connected backward', () => backward.run(y, x, weight, { y }));
      backward.dispose();
    }
    for (const rows of [1, 5, 40]) {
      const layer = prepareLinear(integerTensor([19, 23], 1), { bias: integerTensor([19], 2).data });
      watchRun('linear', () => layer.run(integerTensor([rows, 23], 3)));
      layer.dispose();
    }
    expect([...ran]).toEqual(expect.arrayContaining(['separable', 'linear']));
    expect([...written]).toEqual([]);
  });
});
