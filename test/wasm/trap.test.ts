import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  arena,
  conv2d,
  convTranspose2d,
  features,
  gemm,
  init,
  MemoryError,
  memoryUsage,
  OptionError,
  prepareConv2d,
  StridewiseError,
} from '../../src/index.js';
import { expectExact } from '../support/bounds.js';
import { integerTensor } from '../support/data.js';
import { trappingIn } from '../support/trapping.js';

const x = integerTensor([2, 3, 7, 9], 1);
const weight = integerTensor([5, 3, 3, 2], 2);
const [a, b] = [integerTensor([3, 4], 3), integerTensor([4, 5], 4)];

/** What `call` throws. */
function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

function expectTrap(call: () => unknown, message: RegExp): void {
  const error = thrownBy(call);
  expect(error).toBeInstanceOf(StridewiseError);
  expect((error as StridewiseError).code).toBe('TRAP');
  expect((error as StridewiseError).message).toMatch(message);
}

const none = { used: 0, kept: 0 };
const convolve = () => conv2d(x, weight, { algorithm: 'indirect' });

afterEach(async () => {
  vi.restoreAllMocks();
  await init();
});

describe('a trap', () => {
  it.each([
    ['in a run', 'convIndirect', convolve],
    ['while weights are packed', 'packPanels', convolve],
    [
      'while weights are turned round',
      'transpose',
      () => convTranspose2d(x, integerTensor([3, 5, 3, 2], 2), { algorithm: 'flipped' }),
    ],
    ['in a product', 'gemmRows', () => gemm(a, b)],
  ])('%s says so, and the next call gets a fresh instance', async (_, kernel, call) => {
    await init({ module: trappingIn(kernel) });
    for (let times = 0; times < 3; times++) {
      expectTrap(call, /^the kernels stopped \(.+\); the next call starts a fresh instance$/);
      expect(memoryUsage()).toEqual({ ...none, reserved: 0 });
    }
    expect(features().build).toBe('custom');
    expect(memoryUsage()).toMatchObject(none);
    expect(memoryUsage().reserved).toBeGreaterThan(0);
  });

  it('leaves operators alone that do not run into it', async () => {
    const expected = gemm(a, b);
    await init({ module: trappingIn('convIndirect') });
    const before = memoryUsage();
    expectTrap(convolve, /the kernels stopped/);
    expectExact(gemm(a, b), expected);
    expect(memoryUsage()).toEqual(before);
  });

  it('ends the handles of its instance, which say so, and dispose as usual', async () => {
    await init({ module: trappingIn('convIndirect') });
    const good = prepareConv2d(weight, { algorithm: 'direct' }, x.shape);
    const expected = good.run(x);
    expectTrap(convolve, /the kernels stopped/);
    for (let times = 0; times < 2; times++) expectTrap(() => good.run(x), /belongs to stopped \(.+\); make it anew$/);
    good.dispose();
    good.dispose();
    expect(thrownBy(() => good.run(x))).toBeInstanceOf(MemoryError);
    const anew = prepareConv2d(weight, { algorithm: 'direct' }, x.shape);
    expectExact(anew.run(x), expected);
    anew.dispose();
    expect(memoryUsage()).toMatchObject(none);
  });

  it('ends the arenas of its instance and their tensors, as operands and as out', async () => {
    await init({ module: trappingIn('convIndirect') });
    const home = arena();
    const [left, out] = [home.from(a.data, a.shape), home.tensor([3, 5])];
    expectTrap(convolve, /the kernels stopped/);
    const gone = /belongs to stopped/;
    expectTrap(() => left.data, gone);
    expectTrap(() => gemm(left, b), gone);
    expectTrap(() => gemm(a, b, { out }), gone);
    expectTrap(() => home.tensor([2]), gone);
    expectTrap(() => home.from([1], [1]), gone);
    home.reset();
    home.dispose();
    home.dispose();
    expect(thrownBy(() => left.data)).toBeInstanceOf(MemoryError);
    const other = arena();
    expectExact(gemm(other.from(a.data, a.shape), b), gemm(a, b));
    other.dispose();
    expect(memoryUsage()).toMatchObject(none);
  });

  it('in an instance that init has replaced does not touch the one that serves', async () => {
    await init({ module: trappingIn('convIndirect') });
    const old = prepareConv2d(weight, { algorithm: 'indirect' }, x.shape);
    await init();
    const kept = arena();
    const here = kept.from(a.data, a.shape);
    const before = memoryUsage();
    // the run that warms it up came first
    expectTrap(() => old.run(x), /the kernels of the instance .* stopped/);
    expect(memoryUsage()).toEqual(before);
    expectExact(here, a);
    kept.dispose();
    old.dispose();
  });

  it('while init looks at the module is an error of init, and what ran before runs on', async () => {
    await init({ simd: 'strict' });
    const layer = prepareConv2d(weight, {}, x.shape);
    const expected = layer.run(x);
    const before = memoryUsage();
    await expect(init({ module: trappingIn('multiplyAdd') })).rejects.toMatchObject({ code: 'TRAP' });
    expect(features().build).toBe('simd');
    expect(memoryUsage()).toEqual(before);
    expectExact(layer.run(x), expected);
    layer.dispose();
  });
});

describe('errors that are no traps', () => {
  beforeEach(async () => void (await init()));

  it('a result that the heap refuses is a MemoryError, and everything is given back', () => {
    const expected = gemm(a, b);
    const before = memoryUsage();
    const refuse = vi.spyOn(Float32Array.prototype, 'slice').mockImplementation(() => {
      throw new RangeError('Array buffer allocation failed');
    });
    expect(thrownBy(() => gemm(a, b))).toBeInstanceOf(MemoryError);
    refuse.mockRestore();
    expect(memoryUsage()).toEqual(before);
    expectExact(gemm(a, b), expected);
  });

  it('a memory that the host refuses is a MemoryError', async () => {
    vi.spyOn(WebAssembly, 'Instance').mockImplementation(function refuse() {
      throw new RangeError('WebAssembly.Instance(): Out of memory: Cannot allocate Wasm memory for new instance');
    });
    await expect(init({ simd: 'strict' })).rejects.toBeInstanceOf(MemoryError);
    vi.restoreAllMocks();
    expectExact(gemm(a, b), gemm(a, b));
  });

  it.each([
    // (module (import "e" "f" (func)))
    ['imports', [1, 4, 1, 96, 0, 0, 2, 7, 1, 1, 101, 1, 102, 0, 0]],
    // (module (func $f unreachable) (start $f))
    ['a start function that traps', [1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 8, 1, 0, 10, 5, 1, 3, 0, 0, 11]],
    ['nothing', []],
    // (module (memory (export "memory") 1) (func (export "convIndirect")))
    [
      'a memory of its own',
      [
        ...[1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 5, 3, 1, 0, 1],
        ...[
          7, 25, 2, 6, 109, 101, 109, 111, 114, 121, 2, 0, 12, 99, 111, 110, 118, 73, 110, 100, 105, 114, 101, 99, 116,
          0, 0,
        ],
        ...[10, 4, 1, 2, 0, 11],
      ],
    ],
  ])('a foreign module with %s is an OptionError', async (_, sections) => {
    const module = new WebAssembly.Module(Uint8Array.from([0, 97, 115, 109, 1, 0, 0, 0, ...sections]));
    await expect(init({ module })).rejects.toBeInstanceOf(OptionError);
    expectExact(gemm(a, b), gemm(a, b));
  });

  it('more memory than 32-bit addresses reach is an OptionError, 4 GiB is not', async () => {
    await expect(init({ maxMemory: 2 ** 32 + 1 })).rejects.toThrow('4294967296');
    await init({ maxMemory: 2 ** 32 });
  });
});
