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
});
