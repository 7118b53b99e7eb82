import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { accelerate } from 'stridewise/tfjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reader } from '../../examples/tensorflow/network.js';
import { expectClose } from './close.js';

const picture = (batch) => tf.randomUniform([batch, 28, 28, 1], 0, 1, 'float32', 1);

describe.each(['wasm', 'cpu'])('%s', (backend) => {
  let acceleration;

  beforeEach(async () => {
    await tf.setBackend(backend);
    acceleration = await accelerate(tf);
  });

  afterEach(() => {
    acceleration.undo();
    expect(acceleration.memoryUsage()).toMatchObject({ used: 0, kept: 0 });
  });

  const memory = () => {
    const { numTensors, numDataBuffers, numBytes } = tf.memory();
    const { used, kept, reserved } = acceleration.memoryUsage();
    return { numTensors, numDataBuffers, numBytes, used, kept, reserved };
  };

  it('1,000 predictions leave memory as it was', () => {
    const network = reader(tf, 1);
    const x = picture(1);
    const predict = (times) => {
      for (let i = 0; i < times; i++) network.predict(x).dispose();
    };
    predict(3);
    const before = memory();
    expect(before.kept).toBeGreaterThan(0);
    predict(1000);
    expect(memory()).toEqual(before);
    network.dispose();
    network.optimizer.dispose();
    x.dispose();
    expect(acceleration.memoryUsage().kept).toBe(0);
  });

  // the gradients of its own kernels take the cpu backend minutes
  it('steps of training leave memory as it was', { timeout: 300_000 }, async () => {
    const network = reader(tf, 1);
    const batch = backend === 'wasm' ? 4 : 1;
    const [x, y] = [picture(batch), tf.tidy(() => tf.oneHot(tf.range(0, batch, 1, 'int32'), 10).toFloat())];
    const learn = async (steps) => {
      for (let i = 0; i < steps; i++) await network.trainOnBatch(x, y);
    };
    await learn(5);
    const before = memory();
    await learn(200);
    expect(memory()).toEqual(before);
    tf.dispose([x, y]);
    network.dispose();
    network.optimizer.dispose();
  });
});

describe('what stops our kernels is served by those that were there', () => {
  /** 5 · 7 · 3 floats are no whole cache lines: that tells blocks of tensors from ours. */
  const convolve = () =>
    tf.tidy(() => {
      const x = tf.randomUniform([1, 5, 7, 3], -1, 1, 'float32', 1);
      const filter = tf.randomUniform([3, 3, 3, 3], -1, 1, 'float32', 2);
      return tf.conv2d(x, filter, 1, 'same').dataSync();
    });
  let wanted;
  let acceleration;
  let tensors;

  beforeEach(async () => {
    await tf.setBackend('wasm');
    wanted = convolve();
    tensors = tf.memory().numTensors;
    acceleration = await accelerate(tf, { kernels: ['Conv2D'] });
  });

  afterEach(() => {
    acceleration.undo();
    expect(tf.memory().numTensors).toBe(tensors);
    expect(acceleration.memoryUsage()).toMatchObject({ used: 0, kept: 0 });
  });

  /** Runs `work` with an allocator that counts the blocks of ours, and may refuse them; the result is their number. */
  function watched(work, refuses = false) {
    const { wasm } = tf.backend();
    const { _malloc } = wasm;
    let blocks = 0;
    wasm._malloc = (bytes) => {
      if (bytes % 64 > 0) return _malloc(bytes);
      blocks++;
      return refuses ? 0 : _malloc(bytes);
    };
    try {
      work();
    } finally {
      wasm._malloc = _malloc;
    }
    return blocks;
  }

  const isRight = () => expectClose(convolve(), wanted, 1e-6);

  it('no room in the heap', () => {
    expect(watched(isRight, true)).toBeGreaterThan(0);
    expect(watched(isRight)).toBeGreaterThan(0);
  });

  it('a trap, after which none of ours runs until accelerate is called anew', async () => {
    const { dataIdMap } = tf.backend();
    const seen = new Set();
    // the third tensor that is looked up is the result: it stands where there is no memory
    dataIdMap.get = function (dataId) {
      const found = Object.getPrototypeOf(this).get.call(this, dataId);
      const isResult = seen.add(dataId).size === 3;
      if (isResult) seen.add('nothing more');
      return isResult ? { ...found, memoryOffset: 2 ** 32 - 2 ** 20 } : found;
    };
    try {
      expect(watched(isRight)).toBeGreaterThan(0);
    } finally {
      delete dataIdMap.get;
    }
    expect(seen).toContain('nothing more');
    expect(watched(isRight)).toBe(0);
    acceleration.undo();
    acceleration = await accelerate(tf, { kernels: ['Conv2D'] });
    expect(watched(isRight)).toBeGreaterThan(0);
  });
});
