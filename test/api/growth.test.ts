import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import * as stridewise from '../../src/index.js';
import { type Api, type Call, drawCalls, invoke, namedResults } from '../calls/index.js';
import { moved, outsOf, withOptions } from '../calls/variants.js';
import { expectExact } from '../support/bounds.js';

/** Memory that grows in the middle of a call detaches every view of it. */

const { arena, init, memoryUsage, MemoryError, ShapeError } = stridewise;
const api = stridewise as unknown as Api;
const calls = drawCalls(api, 2, 8);

/** Bytes left before a call: each lets it come to another one of its allocations. */
const rests = [0, 128, 512, 2048, 8192];

/** Leaves about `rest` bytes of what is reserved; the next larger block makes memory grow. */
function hoard(home: stridewise.TensorArena, rest: number): void {
  const { used, reserved } = memoryUsage();
  home.tensor([Math.max(1, (reserved - used - rest - 256) >> 2)]);
}

function expectResults(call: Call, found: unknown, wanted: unknown): void {
  const expected = namedResults(wanted);
  expect(Object.keys(namedResults(found)).sort(), call.title).toEqual(Object.keys(expected).sort());
  for (const [name, values] of Object.entries(namedResults(found))) expectExact(values, expected[name]);
}

describe.each(calls.map((call) => [call.title, call] as const))('%s', (_, call) => {
  beforeEach(async () => void (await init({ simd: 'strict' })));

  it.each(rests)('with operands and results in an arena, %d bytes before memory grows', (rest) => {
    const wanted = invoke(api, call.name, call.args);
    const home = arena();
    const args = moved(call.args, ({ data, shape }) => home.from(data, shape));
    const out = outsOf(call, (shape) => home.tensor(shape));
    hoard(home, rest);
    expectResults(call, invoke(api, call.name, out === undefined ? args : withOptions(args, { out })), wanted);
    home.dispose();
    expect(memoryUsage()).toMatchObject({ used: 0, kept: 0 });
  });

  it.each(rests)('with views of an arena that were kept: right, or refused, %d bytes before memory grows', (rest) => {
    const wanted = invoke(api, call.name, call.args);
    const home = arena();
    const tensors = moved(call.args, ({ data, shape }) => home.from(data, shape));
    hoard(home, rest);
    const args = moved(tensors, ({ data, shape }) => ({ data, shape }));
    try {
      expectResults(call, invoke(api, call.name, args), wanted);
    } catch (error) {
      if (!(error instanceof MemoryError || error instanceof ShapeError)) throw error;
      expect(error.message).toMatch(/memory (of the arena|has grown)|which grew in this call/);
    }
    home.dispose();
    expect(memoryUsage()).toMatchObject({ used: 0, kept: 0 });
  });
});

afterAll(async () => void (await init()));
