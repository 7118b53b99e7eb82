import { describe, expect, it } from 'vitest';
import { arena, MemoryError, type Tensor, tensor } from '../../src/index.js';

const values = [1, -2, 3, 4, 5, -6];
const plain = tensor(values, [2, 3]);

/** What a worker receives. */
async function posted(message: unknown): Promise<Tensor> {
  const { port1, port2 } = new MessageChannel();
  try {
    return await new Promise((resolve) => {
      port2.onmessage = ({ data }) => resolve(data);
      port1.postMessage(message);
    });
  } finally {
    port1.close();
  }
}

const copies: Record<string, (t: Tensor) => Tensor | Promise<Tensor>> = {
  spread: (t) => ({ ...t }),
  'Object.assign': (t) => Object.assign({}, t),
  structuredClone: (t) => structuredClone(t),
  postMessage: posted,
};

describe('a tensor of an arena', () => {
  it.each(Object.entries(copies))('keeps its numbers in %s, after wasm memory has moved, too', async (_, copy) => {
    const home = arena();
    const x = home.from(values, [2, 3]);
    expect(await copy(x)).toEqual(plain);
    home.tensor([1 << 22]);
    expect(await copy(x)).toEqual(plain);
    home.dispose();
  });

  it('is written by JSON as any tensor is', () => {
    const home = arena();
    const x = home.from(values, [2, 3]);
    expect(JSON.parse(JSON.stringify(x))).toEqual(JSON.parse(JSON.stringify(plain)));
    home.dispose();
  });

  it('is no copy of anything when its arena is gone: a MemoryError', async () => {
    const home = arena();
    const x = home.from(values, [2, 3]);
    home.dispose();
    expect(() => ({ ...x })).toThrow(MemoryError);
    expect(() => JSON.stringify(x)).toThrow(MemoryError);
    expect(() => structuredClone(x)).toThrow(MemoryError);
  });
});
