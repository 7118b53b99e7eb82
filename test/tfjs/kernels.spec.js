import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { accelerate } from 'stridewise/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calls } from './kernels.js';

/** Largest difference of numbers that are rounded, in parts of the larger of 1 and what is expected. */
const ROUNDING = 3e-6;

/** Calls that came to a kernel that was there before, but for those that make operands. */
let handedBack = 0;

/** What a kernel gives, by default the one that is registered. */
function of({ kernel, inputs, attrs }, { kernelFunc } = tf.getKernel(kernel, tf.getBackend())) {
  const backend = tf.backend();
  const before = handedBack;
  const operands = tf.tidy(inputs);
  handedBack = before;
  const given = [kernelFunc({ inputs: operands, attrs: structuredClone(attrs), backend })].flat();
  const found = given.map(({ dataId, shape, dtype }) => ({
    values: [...backend.readSync(dataId)],
    shape: [...shape],
    dtype,
  }));
  for (const { dataId } of given) backend.disposeData(dataId);
  tf.dispose(operands);
  return found;
}

function expectAllSame(found, expected, exact) {
  expect(found.length).toBe(expected.length);
  for (const [i, one] of found.entries()) expectSame(one, expected[i], exact);
}

function expectSame(found, expected, exact) {
  expect({ shape: found.shape, dtype: found.dtype }).toEqual({ shape: expected.shape, dtype: expected.dtype });
  expect(found.values.length).toBe(expected.values.length);
  const off = found.values.flatMap((value, i) => {
    const wanted = expected.values[i];
    if (value === wanted || (Number.isNaN(value) && Number.isNaN(wanted))) return [];
    const isNear = Math.abs(value - wanted) <= ROUNDING * Math.max(1, Math.abs(wanted));
    return !exact && isNear ? [] : [`${i}: ${value}, expected ${wanted}`];
  });
  expect(off.slice(0, 5)).toEqual([]);
}

/** What the cpu backend gives, as it is. */
const expected = new Map();

beforeAll(async () => {
  await tf.setBackend('cpu');
  for (const call of calls) expected.set(call.name, of(call));
});

describe.each(['wasm', 'cpu'])('%s', (backend) => {
  let acceleration;
  const spied = new Map();

  beforeAll(async () => {
    await tf.setBackend(backend);
    for (const name of new Set(calls.map(({ kernel }) => kernel))) {
      const before = tf.getKernel(name, backend);
      spied.set(name, before);
      tf.unregisterKernel(name, backend);
      tf.registerKernel({
        ...before,
        setupFunc: undefined,
        kernelFunc: (call) => {
          handedBack++;
          return before.kernelFunc(call);
        },
      });
    }
    acceleration = await accelerate(tf);
  });

  afterAll(() => {
    acceleration.undo();
    for (const [name, before] of spied) {
      tf.unregisterKernel(name, backend);
      tf.registerKernel({ ...before, setupFunc: undefined });
    }
  });

  it.each(calls.map((call) => [call.name, call]))('%s, twice', (name, call) => {
    const { numTensors, numBytes } = tf.memory();
    handedBack = 0;
    const isServed = call.served.includes(backend);
    for (let i = 0; i < 2; i++)
      expectAllSame(of(call), isServed ? expected.get(name) : of(call, spied.get(call.kernel)), call.exact);
    expect(handedBack).toBe(isServed ? 0 : 2);
    expect(tf.memory()).toMatchObject({ numTensors, numBytes });
    expect(acceleration.memoryUsage()).toMatchObject({ used: 0, kept: 0 });
  });

  it('names differ', () => expect(expected.size).toBe(calls.length));

  it('keep their memory, however many shapes there were', () => {
    const before = acceleration.memoryUsage().reserved;
    for (let rows = 1; rows < 700; rows++) {
      const inputs = () => ({ a: tf.ones([rows, 3]), b: tf.ones([3]) });
      expect(of({ kernel: 'Add', inputs, attrs: {} })[0].values.every((value) => value === 2)).toBe(true);
    }
    expect(acceleration.memoryUsage()).toMatchObject({ used: 0, kept: 0 });
    if (backend === 'wasm') expect(acceleration.memoryUsage().reserved).toBe(before);
  });
});
