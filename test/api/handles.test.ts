import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  arena,
  conv2d,
  gemm,
  init,
  MemoryError,
  memoryUsage,
  OptionError,
  prepareConv2d,
  ShapeError,
  tensor,
} from '../../src/index.js';
import { expectExact } from '../support/bounds.js';
import { integerTensor } from '../support/data.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/**
 * Collects what was dropped until `done` holds or the time is up: handles are given back some turns of the event loop
 * later.
 */
async function collected(done: () => boolean): Promise<boolean> {
  for (let turn = 0; turn < 50 && !done(); turn++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return done();
}

const x = integerTensor([2, 3, 7, 9], 1);
const weight = integerTensor([5, 3, 3, 2], 2);
const options = { padding: 1, stride: [2, 1], activation: 'relu' } as const;

beforeAll(async () => void (await init()));

describe('prepared convolution', () => {
  it('equals the plain call, run after run, and tells what serves it', () => {
    const layer = prepareConv2d(weight, options, x.shape);
    const expected = conv2d(x, weight, options);
    expectExact(layer.run(x), expected);
    const other = integerTensor(x.shape, 3);
    expectExact(layer.run(other), conv2d(other, weight, options));
    expectExact(layer.run(x), expected);
    expect(layer.algorithm).toBe('indirect');
    expect(layer.refused).toContainEqual({ name: 'pointwise', reason: 'the kernel has 6 taps, not 1' });
    expect(layer.shape).toEqual(expected.shape);
    expect(layer.workspaceBytes).toBeGreaterThan(4 * (x.data.length + expected.data.length));
    layer.dispose();
  });

  it('copies the weights', () => {
    const changing = { data: weight.data.slice(), shape: weight.shape };
    const layer = prepareConv2d(changing, options, x.shape);
    changing.data.fill(0);
    expectExact(layer.run(x), conv2d(x, weight, options));
    layer.dispose();
  });

  it('writes into out and returns it, and adds a residual', () => {
    const layer = prepareConv2d(weight, options, x.shape);
    const add = integerTensor(layer.shape, 4);
    const out = tensor(new Float32Array(add.data.length).fill(Number.NaN), layer.shape);
    expect(layer.run(x, out, add)).toBe(out);
    expectExact(out, conv2d(x, weight, { ...options, add }));
    layer.dispose();
  });

  it('gives its memory back once, and refuses work afterwards', () => {
    const before = memoryUsage();
    const layer = prepareConv2d(weight, options, x.shape);
    expect(memoryUsage().kept).toBeGreaterThan(before.kept);
    layer.dispose();
    layer.dispose();
    expect(memoryUsage()).toMatchObject({ used: before.used, kept: before.kept });
    expect(() => layer.run(x)).toThrow(MemoryError);
    expect(() => layer.run(x)).toThrow('prepareConv2d was used after dispose()');
  });

  it('takes part in `using` where the host has Symbol.dispose', () => {
    const layer = prepareConv2d(weight, options, x.shape);
    if (Symbol.dispose) layer[Symbol.dispose]();
    else layer.dispose();
    expect(() => layer.run(x)).toThrow(MemoryError);
  });

  it('refuses another shape and an out that overlaps', () => {
    const layer = prepareConv2d(weight, options, x.shape);
    const before = memoryUsage();
    expect(() => layer.run(integerTensor([2, 3, 8, 9], 1))).toThrow(ShapeError);
    const shared = new Float32Array(1000);
    const inside = { data: shared.subarray(300, 700), shape: layer.shape };
    expect(() => layer.run({ data: shared.subarray(0, 378), shape: x.shape }, inside)).toThrow(OptionError);
    expect(memoryUsage()).toEqual(before);
    layer.dispose();
  });

  it('outlives init, which starts a fresh instance', async () => {
    const layer = prepareConv2d(weight, options, x.shape);
    const expected = layer.run(x);
    await init({ simd: 'strict' });
    expectExact(layer.run(x), expected);
    layer.dispose();
    await init();
  });
});

describe('arena', () => {
  it('holds tensors in wasm memory: zeros, copies, and results written in place', () => {
    const a = arena();
    const zeros = a.tensor([2, 3]);
    expectExact(zeros, new Float32Array(6));
    const xHere = a.from(x.data, x.shape);
    expectExact(xHere, x);
    const expected = conv2d(x, weight, options);
    const out = a.tensor(expected.shape);
    expect(conv2d(xHere, weight, { ...options, out })).toBe(out);
    expectExact(out, expected);
    a.dispose();
  });

  it('keeps its tensors over growth of the memory, through fresh views', () => {
    const a = arena();
    const here = a.from(x.data, x.shape);
    const big = arena();
    big.tensor([memoryUsage().reserved / 4]);
    expectExact(here, x);
    big.dispose();
    a.dispose();
  });

  it('may not write over an operand', () => {
    const a = arena();
    const square = a.from([1, 2, 3, 4], [2, 2]);
    expect(() => gemm(square, square, { out: square })).toThrow(OptionError);
    a.dispose();
  });

  it('resets, disposes, and says so when a tensor is used too late', () => {
    const before = memoryUsage();
    const a = arena();
    const early = a.tensor([4]);
    a.reset();
    expect(() => early.data).toThrow(MemoryError);
    a.tensor([4]);
    a.dispose();
    a.dispose();
    expect(() => a.tensor([4])).toThrow(MemoryError);
    expect(memoryUsage()).toMatchObject({ used: before.used, kept: before.kept });
  });
});

describe('what is dropped', () => {
  beforeEach(async () => void (await init()));
  const kept = () => memoryUsage().kept;

  /** What was dropped before has been looked at once an arena dropped here is given back. */
  async function sweep(): Promise<void> {
    const before = kept();
    (() => void arena().tensor([1000]))();
    expect(kept()).toBeGreaterThan(before);
    expect(await collected(() => kept() <= before)).toBe(true);
  }

  it('is given back when it is collected: arenas with their tensors, prepared layers', async () => {
    (() => {
      arena().from(x.data, x.shape).data[0] = 1;
      arena().tensor([5]);
      prepareConv2d(weight, options, x.shape).run(x);
    })();
    expect(kept()).toBeGreaterThan(0);
    expect(await collected(() => kept() === 0)).toBe(true);
  });

  it('is kept by a tensor of it that is in use, and goes with the last one', async () => {
    let one: ReturnType<typeof tensor> | undefined;
    let other: ReturnType<typeof tensor> | undefined;
    (() => {
      const a = arena();
      one = a.from(x.data, x.shape);
      other = a.from(weight.data, weight.shape);
    })();
    await sweep();
    expectExact(conv2d(one as never, other as never, options), conv2d(x, weight, options));
    one = undefined;
    await sweep();
    expectExact(other as never, weight);
    other = undefined;
    expect(await collected(() => kept() === 0)).toBe(true);
  });

  it('is kept by a view of it', async () => {
    let view: Float32Array | undefined = (() => arena().from(x.data, x.shape).data)();
    await sweep();
    expect(kept()).toBeGreaterThan(0);
    expectExact(view, x);
    view = undefined;
    expect(await collected(() => kept() === 0)).toBe(true);
  });

  it('cannot be used after dispose(), whoever holds it', () => {
    const a = arena();
    const held = a.from(x.data, x.shape);
    a.dispose();
    expect(kept()).toBe(0);
    expect(() => held.data).toThrow(MemoryError);
  });
});

describe('memory', () => {
  beforeEach(async () => void (await init()));

  it('stays flat over ten thousand mixed calls', () => {
    const mixed = (i: number) => {
      const c = 1 + (i % 5);
      const h = 3 + (i % 7);
      const xs = integerTensor([1 + (i % 2), c, h, 4], i);
      conv2d(xs, integerTensor([2 + (i % 9), c, 2, 3], i + 1), { padding: i % 3 });
      gemm(integerTensor([h, c], i), integerTensor([c, 9], i));
      if (i % 11 === 0) expect(() => conv2d(xs, weight, { groups: 7 })).toThrow();
    };
    for (let i = 0; i < 630; i++) mixed(i);
    const before = memoryUsage();
    expect(before).toMatchObject({ used: 0, kept: 0 });
    for (let i = 0; i < 10_000; i++) mixed(i);
    expect(memoryUsage()).toEqual(before);
  });

  it('throws MemoryError at a cap, gives everything back, and the next call works', async () => {
    await init({ maxMemory: 2 ** 20 });
    const large = { data: new Float32Array(2 ** 20), shape: [1, 1, 1024, 1024] };
    const before = memoryUsage();
    expect(() => conv2d(large, integerTensor([1, 1, 3, 3], 1))).toThrow(MemoryError);
    expect(memoryUsage()).toMatchObject({ used: before.used, kept: before.kept });
    const expected = conv2d(x, weight, { ...options, algorithm: 'direct' });
    expectExact(conv2d(x, weight, options), expected);
  });

  it('has what a run takes once the first layer of a row is prepared, and does without where a cap is in the way', async () => {
    const [wide, kernels] = [integerTensor([1, 8, 128, 96], 1), integerTensor([8, 8, 3, 3], 2)];
    const expected = conv2d(wide, kernels, { algorithm: 'indirect' });
    await init();
    const layer = prepareConv2d(kernels, { algorithm: 'indirect' }, wide.shape);
    const before = memoryUsage();
    expect(before.used).toBe(before.kept);
    expectExact(layer.run(wide), expected);
    expect(memoryUsage()).toEqual(before);
    layer.dispose();
    await init({ maxMemory: 2 ** 19 });
    const capped = prepareConv2d(kernels, { algorithm: 'indirect' }, wide.shape);
    expect(memoryUsage().used).toBe(memoryUsage().kept);
    expect(() => capped.run(wide)).toThrow(MemoryError);
    capped.dispose();
  });
});

describe('operands', () => {
  it('honours views with an offset and shared memory', () => {
    const expected = conv2d(x, weight, options);
    const shared = new Float32Array(new SharedArrayBuffer(4 * (x.data.length + 3)), 12);
    shared.set(x.data);
    expectExact(conv2d({ data: shared, shape: x.shape }, weight, options), expected);
  });
});
