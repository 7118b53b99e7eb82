import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { init, memoryUsage } from '../../src/index.js';
import {
  type Call,
  checkResult,
  definition,
  drawCalls,
  invoke,
  namedResults,
  type PreparedCall,
} from '../calls/index.js';
import { changed, changesOf } from '../calls/junk.js';
import { propertyRuns } from '../support/arbitraries.js';
import { answered, api, hasOption } from './answered.js';

/** Any value in any place of an operator's arguments: a right answer, or an error of the package. */

const calls = drawCalls(api, 6, 12);

/** Enough for every drawn call, and little enough that what a fuzzed one takes is soon done. */
const MEMORY = 2 ** 23;
/** Results and windows that are larger are not held against the definition, which goes through every tap. */
const LARGE = { result: 5000, window: 10_000 };

function checkAnswer(call: Call, args: readonly unknown[], result: unknown): void {
  const sizes = Object.values(namedResults(result)).map(({ data }) => data.length);
  const { kernelSize = 1, layout } = (args[args.length - 1] ?? {}) as {
    kernelSize?: number | number[];
    layout?: string;
  };
  const [{ shape = [] }] = args as [{ shape?: readonly number[] }];
  // one image without a batch, which the definition does not know
  if (layout?.length === shape.length + 1) return;
  const taps = [kernelSize].flat().reduce((product, extent) => product * extent, 1);
  if (Math.max(...sizes) > LARGE.result || taps > LARGE.window) return;
  checkResult({ ...call, expected: definition(call.pattern, args), accuracy: 'rough' }, result);
}

beforeAll(async () => void (await init({ maxMemory: MEMORY })));
afterAll(async () => void (await init()));

describe.each([...new Set(calls.map(({ name }) => name))])('%s', (name) => {
  const own = calls.filter((call) => call.name === name);

  it('any value in any place', () => {
    const changes = changesOf((option) => hasOption(name, own[0].args, option));
    const property = fc.property(fc.nat(own.length - 1), changes, (index, made) => {
      const args = changed(own[index].args, made);
      const result = answered((...given) => invoke(api, name, given), args);
      if (result !== undefined) checkAnswer(own[index], args, result);
    });
    fc.assert(property, propertyRuns(150));
  });
});

interface Handle {
  run(...args: unknown[]): unknown;
  dispose(): void;
}

const handles = calls.filter(({ handle }) => handle && handle.name in api);

describe.each([...new Set(handles.map(({ handle }) => (handle as PreparedCall).name))])('%s', (name) => {
  const own = handles.map(({ handle }) => handle as PreparedCall).filter((handle) => handle.name === name);

  it('any value in any place, and the same for run', () => {
    const prepareChanges = changesOf(() => true);
    const property = fc.property(fc.nat(own.length - 1), fc.boolean(), prepareChanges, (index, spoilt, made) => {
      const { prepare, run } = own[index];
      const { kept } = memoryUsage();
      const handle = answered((...given) => invoke(api, name, given), spoilt ? changed(prepare, made) : prepare) as
        | Handle
        | undefined;
      if (!handle) return;
      // a layer keeps its plan for another batch
      answered((...given) => handle.run(...given), changed(run(), made), true);
      handle.dispose();
      expect(memoryUsage().kept).toBe(kept);
    });
    fc.assert(property, propertyRuns(150));
  });
});
