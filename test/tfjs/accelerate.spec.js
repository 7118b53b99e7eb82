import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { accelerate } from 'stridewise/tfjs';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cases } from './cases.js';
import { expectClose } from './close.js';

/** Largest difference, in parts of the root mean square of what is expected: rounding, with Winograd's. */
const ROUNDING = 1e-4;

/** What the cpu backend gives, as it is. */
const expected = {};

beforeAll(async () => {
  await tf.setBackend('cpu');
  for (const [name, run] of Object.entries(cases)) expected[name] = tf.tidy(() => run().dataSync());
});

describe.each(['wasm', 'cpu'])('%s', (backend) => {
  let before;
  let acceleration;
  const registered = () =>
    tf.getKernelsForBackend(backend).map(({ kernelName, kernelFunc }) => [kernelName, kernelFunc]);

  beforeEach(async () => {
    await tf.setBackend(backend);
    before = { kernels: new Map(registered()), tensors: tf.memory().numTensors, bytes: tf.memory().numBytes };
    acceleration = await accelerate(tf);
  });

  afterEach(() => {
    acceleration.undo();
    expect(new Map(registered())).toEqual(before.kernels);
    expect(tf.memory().numTensors).toBe(before.tensors);
    expect(acceleration.memoryUsage()).toMatchObject({ used: 0, kept: 0 });
  });

  it.each(Object.entries(cases))('%s, twice', (name, run) => {
    for (let i = 0; i < 2; i++)
      expectClose(
        tf.tidy(() => run().dataSync()),
        expected[name],
        ROUNDING,
      );
    // filters were disposed of
    expect(acceleration.memoryUsage()).toMatchObject({ used: 0, kept: 0 });
    expect(tf.memory().numBytes).toBe(before.bytes);
  });

  it('says what it did; twice is once', async () => {
    expect(acceleration).toMatchObject({
      backend,
      threads: 1,
      threadsReason: expect.stringMatching(/shared|one core/),
    });
    expect(acceleration.kernels).toContain('FusedConv2D');
    expect(await accelerate(tf)).toBe(acceleration);
  });

  it('packs the weights of a filter once, and anew when a variable is assigned', () => {
    const x = tf.ones([1, 6, 7, 3]);
    const first = tf.ones([3, 3, 3, 4]);
    const filter = tf.variable(first);
    first.dispose();
    const sum = () => tf.tidy(() => tf.sum(tf.conv2d(x, filter, 1, 'valid')).dataSync()[0]);
    const one = sum();
    const { kept } = acceleration.memoryUsage();
    expect(kept).toBeGreaterThan(0);
    expect(sum()).toBe(one);
    expect(acceleration.memoryUsage().kept).toBe(kept);
    const two = tf.fill([3, 3, 3, 4], 2);
    filter.assign(two);
    two.dispose();
    expect(acceleration.memoryUsage().kept).toBe(0);
    expect(sum()).toBe(2 * one);
    filter.dispose();
    x.dispose();
    expect(acceleration.memoryUsage().kept).toBe(0);
  });

  it('packs a matrix when it comes again, once for any number of rows', () => {
    const b = tf.ones([6, 70]);
    const multiply = (rows) => tf.tidy(() => tf.matMul(tf.ones([rows, 6]), b).dispose());
    const { kept } = acceleration.memoryUsage();
    multiply(3);
    expect(acceleration.memoryUsage().kept).toBe(kept);
    multiply(3);
    const one = acceleration.memoryUsage().kept;
    expect(one).toBeGreaterThan(kept);
    for (const rows of [4, 40, 3]) multiply(rows);
    tf.tidy(() => tf.fused.matMul({ a: tf.ones([2, 6]), b, activation: 'relu' }).dispose());
    expect(acceleration.memoryUsage().kept).toBe(one);
    b.dispose();
    expect(acceleration.memoryUsage().kept).toBe(kept);
  });

  it('leaves other types and broadcasts to the kernels that were there', () => {
    tf.tidy(() => {
      const [a, b] = [tf.ones([1, 2, 3, 4]), tf.ones([2, 1, 4, 5])];
      const attempt = () => Array.from(tf.matMul(a, b).dataSync());
      const served = attempt();
      acceleration.undo();
      expect(served).toEqual(attempt());
    });
  });

  it('replaces what is asked for alone', async () => {
    acceleration.undo();
    const some = await accelerate(tf, { kernels: ['MaxPool'], simd: 'strict', accuracy: 'high' });
    const changed = registered().filter(([name, kernel]) => before.kernels.get(name) !== kernel);
    expect(changed.map(([name]) => name)).toEqual(['MaxPool']);
    expect(some.build).toBe('simd');
    some.undo();
  });
});

describe('refusals change nothing', () => {
  it('unknown options and kernels', async () => {
    await tf.setBackend('wasm');
    await expect(accelerate(tf, { kernel: [] })).rejects.toMatchObject({ code: 'OPTION' });
    await expect(accelerate(tf, { kernels: ['Conv4D'] })).rejects.toMatchObject({ code: 'OPTION' });
  });

  it.each([
    ['wasm', /2 threads cannot be had: .* did not load tfjs-backend-wasm-threaded-simd\.wasm: .*Cross-Origin-Opener/],
    ['cpu', /2 threads cannot be had: .*; ask for threads "auto" or 1/],
  ])('threads where no memory is shared: %s', async (backend, message) => {
    await tf.setBackend(backend);
    const before = tf.getKernelsForBackend(backend).map(({ kernelFunc }) => kernelFunc);
    await expect(accelerate(tf, { threads: 2 })).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringMatching(message),
    });
    expect(tf.getKernelsForBackend(backend).map(({ kernelFunc }) => kernelFunc)).toEqual(before);
    const { threads, threadsReason, undo } = await accelerate(tf, { threads: 1 });
    expect({ threads, threadsReason }).toEqual({ threads: 1, threadsReason: 'asked for' });
    undo();
  });

  it.each([
    ['another backend', { getBackend: () => 'webgl' }, /"webgl", expected "wasm" or "cpu"/],
    ['no registry', { registerKernel: undefined }, /no function registerKernel/],
    ['no geometry', { backend_util: {} }, /no function computeConv2DInfo/],
    ['a backend without a heap', { backend: () => ({ wasm: {} }) }, /no wasm\._malloc/],
  ])('%s', async (_, strange, message) => {
    await tf.setBackend('wasm');
    const before = tf.getKernelsForBackend('wasm').map(({ kernelFunc }) => kernelFunc);
    const error = await accelerate({ ...tf, ...strange }).catch((cause) => cause);
    expect(error).toMatchObject({ code: 'UNSUPPORTED' });
    expect(error.message).toMatch(message);
    expect(tf.getKernelsForBackend('wasm').map(({ kernelFunc }) => kernelFunc)).toEqual(before);
  });
});

describe('training', () => {
  /** Losses of a small network that learns where the bright corner is. */
  async function losses() {
    const { layers } = tf;
    const init = (seed) => tf.initializers.glorotUniform({ seed });
    const model = tf.sequential({
      layers: [
        layers.conv2d({
          inputShape: [8, 8, 1],
          filters: 6,
          kernelSize: 3,
          activation: 'relu',
          kernelInitializer: init(1),
        }),
        layers.maxPooling2d({ poolSize: 2 }),
        layers.flatten(),
        layers.dense({ units: 4, activation: 'softmax', kernelInitializer: init(2) }),
      ],
    });
    model.compile({ optimizer: tf.train.adam(0.02), loss: 'categoricalCrossentropy' });
    const labels = Array.from({ length: 32 }, (_, i) => i % 4);
    const x = tf.tidy(() => {
      const noise = tf.randomUniform([32, 8, 8, 1], 0, 0.5, 'float32', 7).arraySync();
      labels.forEach((corner, i) => {
        for (let r = 0; r < 3; r++)
          for (let c = 0; c < 3; c++) noise[i][r + 5 * (corner >> 1)][c + 5 * (corner & 1)][0] += 1;
      });
      return tf.tensor4d(noise);
    });
    const y = tf.tidy(() => tf.oneHot(tf.tensor1d(labels, 'int32'), 4).toFloat());
    try {
      const { history } = await model.fit(x, y, { epochs: 12, batchSize: 8, shuffle: false, verbose: 0 });
      return history.loss;
    } finally {
      tf.dispose([x, y]);
      model.dispose();
      model.optimizer.dispose();
    }
  }

  it('on wasm, which cannot alone, has the losses of cpu', async () => {
    await tf.setBackend('cpu');
    const wanted = await losses();
    await tf.setBackend('wasm');
    await expect(losses()).rejects.toThrow(/Conv2DBackpropFilter/);
    const { memoryUsage, undo } = await accelerate(tf);
    const { numTensors } = tf.memory();
    const found = await losses();
    expect(tf.memory().numTensors).toBe(numTensors);
    expect(memoryUsage()).toMatchObject({ used: 0, kept: 0 });
    undo();
    const apart = found.map((loss, epoch) => Math.abs(loss / wanted[epoch] - 1));
    expect(Math.max(...apart)).toBeLessThanOrEqual(1e-3);
    expect(found.at(-1)).toBeLessThan(0.2 * found[0]);
  });
});
