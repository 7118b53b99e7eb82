import { expect, it } from 'vitest';
import { Arena } from '../../src/wasm/arena.js';
import { GrowingMemory } from '../../src/wasm/memory.js';
import { fromView } from '../../src/wasm/view.js';

it.each([
  ['silently', (values: Float32Array) => values[0]],
  ['with an error', (values: Float32Array) => new Float32Array(1).set(values) ?? values[0]],
])('what was made from a view that memory detached, %s, is given back and made again', (_, read) => {
  const arena = new Arena(new GrowingMemory(new WebAssembly.Memory({ initial: 1 })));
  const weights = arena.keep(4);
  arena.f32(weights, 1).set([7]);
  const { used } = arena.usage;
  let calls = 0;
  const made = fromView({ arena }, arena.f32(weights, 1), (values) => {
    calls++;
    const block = arena.alloc(90_000);
    try {
      return { value: read(values), dispose: () => arena.free(block) };
    } catch (error) {
      arena.free(block);
      throw error;
    }
  });
  expect([calls, made.value]).toEqual([2, 7]);
  made.dispose();
  expect(arena.usage.used).toBe(used);
});

it('numbers elsewhere are read once, and other errors pass', () => {
  const arena = new Arena(new GrowingMemory(new WebAssembly.Memory({ initial: 1 })));
  const values = new Float32Array(1);
  let calls = 0;
  const made = { dispose: () => undefined };
  const make = (given: Float32Array) => {
    calls++;
    expect(given).toBe(values);
    return made;
  };
  expect(fromView({ arena }, values, make)).toBe(made);
  expect(calls).toBe(1);
  expect(() =>
    fromView({ arena }, arena.f32(arena.keep(4), 1), () => {
      throw new Error('no');
    }),
  ).toThrow('no');
});
