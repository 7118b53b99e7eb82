import { describe, expect, test } from 'vitest';
import { Prepared } from '../../src/tfjs/prepared.js';
import type { TensorInfo } from '../../src/tfjs/tf.js';
import type { Host } from '../../src/wasm/host.js';

/** Packed weights of 100 bytes each, in a memory that only counts. */
function makePrepared(most: number) {
  let kept = 0;
  const on = {
    arena: {
      get usage() {
        return { kept };
      },
    },
  } as unknown as Host;
  const prepared = new Prepared(on, most);
  const made: string[] = [];
  const kernel = {};
  const recall = (filter: TensorInfo, name: string, attrs = {}, bias?: TensorInfo, shape = [1, 2]) =>
    prepared.recall(kernel, filter, shape, attrs, bias, () => {
      made.push(name);
      kept += 100;
      const dispose = () => {
        kept -= 100;
        made.push(`-${name}`);
      };
      return { dispose };
    });
  return { prepared, recall, made, kept: () => kept };
}

const filter = (): TensorInfo => ({ dataId: {}, shape: [3], dtype: 'float32' });

describe('packed weights', () => {
  test('are made once for the same numbers, whatever holds them', () => {
    const { recall, made } = makePrepared(1000);
    const a = filter();
    const first = recall(a, 'a', { strides: [1, 2], pad: 'same' });
    expect(recall(a, 'again', { strides: [1, 2], pad: 'same', dilations: undefined })).toBe(first);
    expect(made).toEqual(['a']);
  });

  test.each([
    ['another stride', [{ strides: [1, 3] }]],
    ['fewer strides', [{ strides: [1] }]],
    ['another padding', [{ strides: [1, 2], pad: [[0, 0]] }]],
    ['another activation', [{ strides: [1, 2], activation: 'relu' }]],
    ['another shape', [{ strides: [1, 2] }, undefined, [1, 3]]],
    ['another rank', [{ strides: [1, 2] }, undefined, [1, 2, 1]]],
  ] as [string, [object, undefined?, number[]?]][])('are made anew for %s', (_, other) => {
    const { recall, made } = makePrepared(1000);
    const a = filter();
    recall(a, 'a', { strides: [1, 2] });
    recall(a, 'b', ...other);
    recall(a, 'c', { strides: [1, 2] });
    expect(made).toEqual(['a', 'b']);
  });

  test('do not follow an array that is written to', () => {
    const { recall, made } = makePrepared(1000);
    const [a, strides] = [filter(), [1, 1]];
    recall(a, 'a', { strides });
    strides[0] = 2;
    recall(a, 'b', { strides });
    expect(made).toEqual(['a', 'b']);
  });

  test('go with their bias', () => {
    const { recall, made, kept } = makePrepared(1000);
    const a = filter();
    recall(a, 'a', {}, filter());
    recall(a, 'b', {}, filter());
    expect(made).toEqual(['a', '-a', 'b']);
    expect(kept()).toBe(100);
  });

  test('are bounded: the least recently used go first', () => {
    const { recall, made, kept } = makePrepared(250);
    const [a, b, c, d] = [filter(), filter(), filter(), filter()];
    recall(a, 'a');
    recall(b, 'b');
    recall(a, 'again');
    recall(c, 'c');
    expect(made).toEqual(['a', 'b', 'c', '-b']);
    recall(d, 'd');
    expect(made.slice(4)).toEqual(['d', '-a']);
    expect(kept()).toBe(200);
  });

  test('stay while they are used, even beyond the bound', () => {
    const { recall, made } = makePrepared(50);
    const a = filter();
    recall(a, 'a');
    recall(a, 'again');
    expect(made).toEqual(['a']);
  });

  test('go when a filter is disposed of, and at the end', () => {
    const { prepared, recall, made, kept } = makePrepared(1000);
    const [a, b] = [filter(), filter()];
    recall(a, 'a');
    recall(a, 'a2', { strides: 2 });
    recall(b, 'b');
    prepared.forget(a.dataId);
    expect(made.slice(3)).toEqual(['-a', '-a2']);
    prepared.clear();
    expect(kept()).toBe(0);
  });
});
