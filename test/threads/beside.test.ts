import { afterAll, describe, expect, it } from 'vitest';
import * as api from '../../dist/index.js';
import * as nn from '../../dist/nn.js';
import * as threads from '../../dist/threads.js';
import { realTensor } from '../support/data.js';

afterAll(async () => void (await threads.init({ threads: 1 })));

const x = realTensor([2, 16, 40, 41], 1);
const weight = realTensor([24, 16, 3, 3], 2);
const options = { padding: 1, algorithm: 'indirect' } as const;

describe.each([1, 2, 3])('stridewise/nn beside stridewise/threads, %i threads', (count) => {
  it('activates results of that entry', async () => {
    await threads.init({ threads: count, simd: 'strict' });
    await api.init({ simd: 'strict' });
    for (const activation of ['silu', 'softplus', { prelu: realTensor([24], 3).data }] as const) {
      const y = threads.conv2d(x, weight, { ...options, activation });
      expect(y.data).toEqual(api.conv2d(x, weight, { ...options, activation }).data);
      const layer = threads.prepareConv2d(weight, { ...options, activation }, x.shape);
      for (let i = 0; i < 3; i++) expect(layer.run(x).data).toEqual(y.data);
      layer.dispose();
    }
    expect(threads.features().threads).toBe(count);
    expect(threads.memoryUsage().used).toBe(0);
  });

  it('takes tensors of its arenas, and gives it what its functions make', async () => {
    await threads.init({ threads: count, simd: 'strict' });
    const arena = threads.arena();
    const inside = arena.from(x.data, x.shape);
    expect(nn.softmax(inside, { axis: 1 }).data).toEqual(nn.softmax(x, { axis: 1 }).data);
    expect(nn.gelu(inside, { out: inside }).data).toEqual(nn.gelu(x).data);
    expect(threads.conv2d(inside, weight, options).data).toEqual(threads.conv2d(nn.gelu(x), weight, options).data);
    arena.dispose();
  });

  it('has its functions shared by those threads', async () => {
    await threads.init({ threads: count, simd: 'strict' });
    const many = realTensor([40, 50, 60], 4);
    const functions = {
      silu: () => nn.silu(many),
      add: () => nn.add(many, realTensor([60], 5)),
      permute: () => nn.permute(many, [2, 0, 1]),
      cat: () => nn.cat([many, many], 1),
      pad: () =>
        nn.pad(many, [
          [1, 1],
          [0, 0],
          [2, 3],
        ]),
      softmax: () => nn.softmax(many),
    };
    for (const [name, run] of Object.entries(functions)) {
      const before = threads.features().sharedMs;
      run();
      expect(threads.features().sharedMs > before, name).toBe(count > 1);
    }
  });
});
