import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { biasOf } from '../../src/shape/conv.js';
import { checkOptions } from '../../src/shape/options.js';
import { show } from '../../src/shape/show.js';
import { likelyName } from '../../src/shape/spelling.js';
import { checkIndexTensor, checkOut, checkSize, checkTensor, sizeOf, tensor } from '../../src/shape/tensor.js';

test('tensor keeps a Float32Array, copies numbers, and copies the shape', () => {
  const data = Float32Array.of(1, 2, 3, 4, 5, 6);
  const shape = [2, 3];
  const kept = tensor(data, shape);
  shape[0] = 7;
  expect(kept.data).toBe(data);
  expect(kept.shape).toEqual([2, 3]);
  expect(tensor([1, 0.1], [2]).data).toEqual(Float32Array.of(1, 0.1));
  expect(tensor([5], [])).toEqual({ data: Float32Array.of(5), shape: [] });
  expect(tensor([], [2, 0, 3]).data.length).toBe(0);
});

test('views with an offset and shared memory are tensors', () => {
  const whole = new Float32Array(10);
  expect(tensor(whole.subarray(3, 9), [6]).data.byteOffset).toBe(12);
  const shared = new Float32Array(new SharedArrayBuffer(24));
  expect(tensor(shared, [6]).data).toBe(shared);
});

test('values of another realm', () => {
  const foreign = runInNewContext(
    '({ x: { data: new Float32Array(6), shape: [2, 3] }, i: { data: new Int32Array(2), shape: [2] }, options: { stride: 2 } })',
  );
  expect(foreign.x instanceof Object).toBe(false);
  expect(checkTensor('x', foreign.x, 2)).toBe(foreign.x);
  expect(checkIndexTensor('indices', foreign.i)).toBe(foreign.i);
  expect(biasOf(foreign.x.data, 6)).toBe(foreign.x.data);
  expect({ ...checkOptions('conv2d', foreign.options, ['stride']) }).toEqual({ stride: 2 });
});

test('data that is made anew at each access is read once, and the tensor itself comes back', () => {
  let reads = 0;
  const lazy = {
    get data() {
      reads++;
      return new Float32Array(6);
    },
    shape: [2, 3],
  };
  expect(checkTensor('x', lazy)).toBe(lazy);
  expect(reads).toBe(1);
});

test('bias as numbers or as a tensor of rank 1', () => {
  const data = Float32Array.of(1, 2, 3);
  expect(biasOf(undefined, 3)).toBeUndefined();
  expect(biasOf(data, 3)).toBe(data);
  expect(biasOf(tensor(data, [3]), 3)).toBe(data);
});

test('out beside its inputs in one buffer, and empty ones anywhere', () => {
  const memory = new Float32Array(20);
  const input = { operand: 'x', data: memory.subarray(4, 10) };
  for (const begin of [0, 10]) {
    const out = { data: memory.subarray(begin, begin + 4), shape: [4] };
    expect(checkOut(out, [4], [input])).toBe(out);
  }
  const empty = { data: memory.subarray(6, 6), shape: [0, 3] };
  expect(checkOut(empty, [0, 3], [input])).toBe(empty);
});

test('the largest tensor has 2^30 elements', () => {
  expect(() => checkSize('y', [2 ** 15, 2 ** 15])).not.toThrow();
  expect(() => checkSize('y', [0, 2 ** 30])).not.toThrow();
});

test('sizeOf', () => {
  expect(sizeOf([])).toBe(1);
  expect(sizeOf([2, 3, 5])).toBe(30);
  expect(sizeOf([...new Array<number>(30).fill(2 ** 50), 0])).toBe(0);
});

test('options: a copy of own keys that are not undefined', () => {
  const symbol = Symbol('hidden');
  const given = Object.defineProperty({ stride: 2, padding: undefined, [symbol]: 1 }, 'quiet', {
    value: 1,
    enumerable: false,
  });
  const checked = checkOptions('conv2d', given, ['stride', 'padding']);
  expect(Reflect.ownKeys(checked)).toEqual(['stride']);
  expect(checked.toString).toBeUndefined();
  expect(Reflect.ownKeys(checkOptions('conv2d', undefined, []))).toEqual([]);
  expect(Reflect.ownKeys(checkOptions('conv2d', Object.create(null), []))).toEqual([]);
});

test.each([
  ['strides', 'stride'],
  ['STRIDE', 'stride'],
  ['strdie', 'stride'],
  ['kernel', 'kernelSize'],
  ['ceilmode', 'ceilMode'],
  ['pad_mode', 'paddingMode'],
  ['autoPad', 'padding'],
  ['act', 'activation'],
  ['otu', 'out'],
  ['bta', 'beta'],
  ['beat', 'beta'],
  ['cei', 'ceilMode'],
  ['ce', undefined],
  ['group', undefined],
  ['colour', undefined],
  ['x'.repeat(1e6), undefined],
])('%.12s is likely %s', (name, expected) => {
  expect(
    likelyName(name, ['stride', 'padding', 'paddingMode', 'kernelSize', 'ceilMode', 'activation', 'beta', 'out']),
  ).toBe(expected);
});

test('show names any value and never throws', () => {
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  expect(show(revoked.proxy)).toBe('an object that cannot be read');
  expect([-0, 1.5, 'a', 2n, true].map(show)).toEqual(['0', '1.5', '"a"', '2n', 'true']);
  expect(show([1, [2, [3]], 'a'])).toBe('[1, [2, [...]], "a"]');
  expect(show(new Array(20).fill(0))).toBe('[0, 0, 0, 0, 0, 0, 0, 0, ...]');
  expect(show('x'.repeat(100))).toBe(`"${'x'.repeat(40)}"...`);
  expect([new Date(0), class {}, Object.create(null), null].map(show)).toEqual([
    'a value of type Date',
    'a function',
    'an object',
    'null',
  ]);
});
