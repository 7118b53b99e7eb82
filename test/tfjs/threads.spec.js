import { Worker } from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { accelerate } from 'stridewise/tfjs';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { reader } from '../../examples/tensorflow/network.js';
import { startThreaded } from '../../examples/tensorflow/threaded.js';
import { cases } from './cases.js';
import { spoiled } from './workers.js';

/** Shares even the smallest work; the strict build has the same bits for any number of threads. */
const all = { simd: 'strict', leastFloats: 0 };
const map = (seed) => tf.randomUniform([2, 33, 35, 24], -1, 1, 'float32', seed);
const vector = (seed) => tf.randomUniform([24], 0.5, 1, 'float32', seed);
/** Larger ones, whose units are many. */
const larger = {
  'add, many numbers': () => tf.add(map(1), map(2)),
  'add, a row to many': () => tf.add(map(1), vector(2)),
  'sub, many from a row': () => tf.sub(vector(1), map(2)),
  'mul, a map and one of one channel': () => tf.mul(map(1), tf.randomUniform([2, 33, 35, 1], -1, 1, 'float32', 2)),
  'div, by a number': () => tf.div(map(1), 7),
  'addN, many numbers': () => tf.addN([map(1), map(2), map(3)]),
  'relu, many numbers': () => tf.relu(map(1)),
  'relu6, many numbers': () => tf.relu6(tf.mul(map(1), 9)),
  'sigmoid, many numbers': () => tf.sigmoid(map(1)),
  'softplus, many numbers': () => tf.softplus(map(1)),
  'prelu, many numbers': () => tf.prelu(map(1), vector(2)),
  'softmax, many rows': () => tf.softmax(map(1)),
  'batchNorm, many pixels': () => tf.batchNorm(map(1), vector(2), vector(3), vector(4), vector(5)),
  'maxPool, many windows': () => tf.maxPool(map(1), 3, 2, 'same'),
  'maxPool, NaN among many': () => tf.maxPool(tf.sqrt(map(1)), 2, 1, 'valid'),
  'maxPoolWithArgmax, many windows': () => tf.maxPoolWithArgmax(map(1), 3, 2, 'same').indexes,
  'avgPool, many windows': () => tf.avgPool(map(1), 3, 1, 'same'),
  'gradient of maxPool, many windows': () => tf.grad((x) => tf.sum(tf.square(tf.maxPool(x, 3, 2, 'same'))))(map(1)),
  'concat, many rows': () => tf.concat([map(1), map(2)], 3),
  'stack, many rows': () => tf.stack([map(1), map(2)], 3),
  'slice, many rows': () => tf.slice(map(1), [0, 1, 2, 3], [2, 30, 31, 20]),
  'pad, many rows': () =>
    tf.pad(
      map(1),
      [
        [0, 0],
        [1, 2],
        [2, 1],
        [0, 3],
      ],
      0.5,
    ),
  'pad, many channels': () =>
    tf.pad(
      map(1),
      [
        [0, 0],
        [0, 1],
        [0, 0],
        [9, 8],
      ],
      2,
    ),
  'mirrorPad, many rows': () =>
    tf.mirrorPad(
      map(1),
      [
        [0, 0],
        [1, 2],
        [2, 1],
        [0, 0],
      ],
      'reflect',
    ),
  'transpose, a matrix': () => tf.transpose(tf.randomUniform([301, 131], -1, 1, 'float32', 1)),
  'transpose, several axes': () => tf.transpose(map(1), [0, 3, 1, 2]),
  'depthToSpace, many rows': () => tf.depthToSpace(map(1), 2, 'NHWC'),
  'resizeNearestNeighbor, many rows': () => tf.image.resizeNearestNeighbor(map(1), [50, 61]),
  'conv2d, many rows': () =>
    tf.conv2d(tf.randomUniform([2, 40, 37, 16], -1, 1, 'float32', 1), tf.ones([3, 3, 16, 24]), 1, 'same'),
  'matMul, many rows': () =>
    tf.matMul(tf.randomUniform([300, 70], -1, 1, 'float32', 1), tf.randomUniform([70, 130], -1, 1, 'float32', 2)),
};
const every = { ...cases, ...larger };

/** What runs now. */
let acceleration;
const numbers = (run) => {
  const y = tf.tidy(run);
  const found = y.dataSync();
  y.dispose();
  return found;
};
const convolve = () => numbers(larger['conv2d, many rows']);
const workerBeside = () => new Worker(new URL('../../dist/worker.js', import.meta.url));

/** Waits until something is so, which another thread brings about. */
async function until(isSo) {
  for (let tries = 0; !isSo(); tries++) {
    if (tries > 5000) throw new Error(`${isSo} never came true`);
    await new Promise((done) => setTimeout(done, 1));
  }
}

beforeAll(() => startThreaded(tf, import.meta.url));

afterEach(() => {
  acceleration?.undo();
  acceleration = undefined;
});

describe('results', () => {
  const expected = {};

  beforeAll(async () => {
    const alone = await accelerate(tf, { ...all, threads: 1 });
    for (const [name, run] of Object.entries(every)) expected[name] = numbers(run);
    alone.undo();
  });

  it.each([1, 2, 3])('of %i threads have the same bits, and leave memory as it was', async (threads) => {
    const count = new Int32Array(new SharedArrayBuffer(4));
    const worker = () => spoiled('Atomics.add(count, 0, 1);', count);
    const { numTensors, numBytes } = tf.memory();
    acceleration = await accelerate(tf, { ...all, threads, worker });
    expect(acceleration).toMatchObject({ threads, threadsReason: 'asked for', build: 'simd' });
    for (let times = 0; times < 3; times++)
      for (const [name, run] of Object.entries(every)) expect(numbers(run), name).toEqual(expected[name]);
    expect(Atomics.load(count, 0) > 0).toBe(threads > 1);
    expect(tf.memory()).toMatchObject({ numTensors, numBytes });
    expect(acceleration.memoryUsage()).toMatchObject({ used: 0, kept: 0 });
  });

  it('are the same while the heap grows', async () => {
    acceleration = await accelerate(tf, { ...all, threads: 3 });
    const before = acceleration.memoryUsage().reserved;
    const kept = [];
    for (let size = 1; size <= 64; size *= 2) {
      kept.push(tf.ones([size, 512, 512]));
      expect(convolve()).toEqual(expected['conv2d, many rows']);
    }
    expect(acceleration.memoryUsage().reserved).toBeGreaterThan(before);
    tf.dispose(kept);
  });

  it('of steps of training are the same', async () => {
    const train = async (threads) => {
      acceleration = await accelerate(tf, { ...all, threads });
      const network = reader(tf, 1);
      const x = tf.randomUniform([4, 28, 28, 1], 0, 1, 'float32', 1);
      const y = tf.tidy(() => tf.oneHot(tf.range(0, 4, 1, 'int32'), 10).toFloat());
      const losses = [];
      for (let step = 0; step < 4; step++) losses.push((await network.trainOnBatch(x, y))[0]);
      tf.dispose([x, y]);
      network.dispose();
      network.optimizer.dispose();
      acceleration.undo();
      return losses;
    };
    const alone = await train(1);
    expect(new Set(alone).size).toBe(4);
    expect(await train(2)).toEqual(alone);
  });
});

describe('how many', () => {
  it('are as many as there are cores by default, and twice is once', async () => {
    const both = [accelerate(tf), accelerate(tf, { threads: 1 })];
    acceleration = await both[0];
    expect(await both[1]).toBe(acceleration);
    expect(acceleration.threads).toBe(Math.min(16, globalThis.navigator?.hardwareConcurrency ?? acceleration.threads));
    expect(acceleration.threadsReason).toMatch(/this host reports/);
  });

  it('is one where a worker does not start, or an error that leaves everything as it was', async () => {
    const before = tf.getKernel('Conv2D', 'wasm');
    const worker = () => {
      throw new Error('none today');
    };
    await expect(accelerate(tf, { threads: 2, worker })).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('none today'),
    });
    expect(tf.getKernel('Conv2D', 'wasm')).toBe(before);
    acceleration = await accelerate(tf, { threads: 'auto', worker });
    expect(acceleration.threads).toBe(1);
    expect(acceleration.threadsReason).toMatch(/none today|one core/);
  });

  it.each([[{ threads: 0 }], [{ threads: 65 }], [{ threads: 'all' }], [{ leastFloats: -1 }], [{ worker: 'file' }]])(
    'is not %o',
    async (options) => {
      await expect(accelerate(tf, options)).rejects.toMatchObject({ code: 'OPTION' });
    },
  );
});

describe('workers', () => {
  /** A worker, and whether it has ended. */
  const seen = () => {
    const all = { worker: undefined, hasEnded: false };
    const worker = () => {
      all.worker = workerBeside();
      all.worker.on('exit', () => {
        all.hasEnded = true;
      });
      return all.worker;
    };
    return { all, worker };
  };

  it('end with undo, after which another accelerate starts others', async () => {
    const { all: one, worker } = seen();
    acceleration = await accelerate(tf, { threads: 2, worker });
    acceleration.undo();
    expect(acceleration).toMatchObject({ threads: 1, threadsReason: 'undo was called' });
    await until(() => one.hasEnded);
    acceleration = await accelerate(tf, { threads: 2 });
    expect(acceleration.threads).toBe(2);
  });

  describe('in trouble', () => {
    let wanted;
    let tensors;
    beforeEach(() => {
      wanted = convolve();
      tensors = tf.memory().numTensors;
    });
    afterEach(() => expect(tf.memory().numTensors).toBe(tensors));

    const isRight = () => {
      const found = convolve();
      for (const [i, value] of wanted.entries()) expect(Math.abs(found[i] - value)).toBeLessThanOrEqual(1e-4);
    };

    it('that have ended between calls leave one thread and a reason', async () => {
      const { all: one, worker } = seen();
      acceleration = await accelerate(tf, { ...all, threads: 2, worker });
      await one.worker.terminate();
      isRight();
      expect(acceleration).toMatchObject({ threads: 1, threadsReason: 'a worker has ended' });
      expect(acceleration.memoryUsage().used).toBe(acceleration.memoryUsage().kept);
    });

    it.each([
      ['trap', 'throw new WebAssembly.RuntimeError("unreachable");', 'in a worker'],
      ['die', 'process.exit();', 'a worker does not answer'],
    ])('that %s in a call leave it to the kernels that were there', async (_, code, reason) => {
      acceleration = await accelerate(tf, { ...all, threads: 2, worker: () => spoiled(code) });
      for (let calls = 0; acceleration.threads === 2 && calls < 1000; calls++) isRight();
      expect(acceleration).toMatchObject({ threads: 1, threadsReason: reason });
      isRight();
      acceleration.undo();
      acceleration = await accelerate(tf, { ...all, threads: 2 });
      expect(acceleration.threads).toBe(2);
      isRight();
    });
  });

  it('end with the backend', async () => {
    const { all: one, worker } = seen();
    acceleration = await accelerate(tf, { threads: 2, worker });
    await tf.setBackend('cpu');
    tf.removeBackend('wasm');
    expect(acceleration.threadsReason).toBe('TensorFlow.js has disposed of the backend');
    await until(() => one.hasEnded);
  });
});
