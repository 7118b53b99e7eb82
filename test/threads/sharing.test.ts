import { describe, expect, it } from 'vitest';
import { convTable } from '../../src/plan/conv.js';
import { convProblem } from '../../src/shape/conv.js';
import { type Job, oneStep } from '../../src/wasm/crew.js';
import type { Host } from '../../src/wasm/host.js';
import { copied, fitted, ofProducts, partSize, threadsOf, tooFew } from '../../src/wasm/sharing.js';

const host = { crew: { threads: 4, leastFloats: 1000 } } as unknown as Host;
const job = (units = 8): Job<never> => oneStep({ units, run() {} });
const floats = (...shape: number[]) => [{ shape }, undefined];

describe('threads of a job', () => {
  it('are all from so many floats on, of inputs and outputs', () => {
    expect(threadsOf(host, job(), floats(9, 100), floats(99))).toBe(1);
    expect(threadsOf(host, job(), floats(9, 100), floats(100))).toBe(4);
  });

  it('are no more than there are units', () => {
    expect(threadsOf(host, job(3), floats(1000))).toBe(3);
    expect(threadsOf(host, job(0), floats(1000))).toBe(1);
  });

  it('are all where four products stand for a float', () => {
    expect(threadsOf(host, ofProducts(job(), 3599), floats(100))).toBe(1);
    expect(threadsOf(host, ofProducts(job(), 3600), floats(100))).toBe(4);
  });

  it('are worked out once', () => {
    const one = job();
    expect(threadsOf(host, one, floats(1))).toBe(1);
    expect(threadsOf(host, one, floats(1000))).toBe(1);
  });

  it('are one where nobody helps', () => {
    expect(threadsOf({} as Host, job(), floats(1000))).toBe(1);
  });
});

describe('a row fitted to a problem', () => {
  const seen: Host[] = [];
  const prepare = (given: Host) => {
    seen.push(given);
    return job();
  };
  const row = { ...convTable[0], prepare };
  const problem = convProblem(2, [2, 6, 9, 8], [4, 3, 3, 2], { groups: 2, stride: 2 });

  it('knows the products of a convolution', () => {
    expect(problem.yShape).toEqual([2, 4, 4, 4]);
    expect(fitted(row, problem).prepare(host).products).toBe(2 * 4 * 4 * 4 * 3 * 6);
    const pair = { depthwise: problem, pointwise: problem };
    expect(fitted(row, pair).prepare(host).products).toBe(2 * 4 * 4 * 4 * 3 * 6);
    const pool = { n: 1, c: 4, kind: 'max', xShape: [1, 4, 8], yShape: [1, 4, 4] };
    expect(fitted(row, pool).prepare(host).products).toBe(0);
  });

  it('is made for one thread where one will run it', () => {
    // 864 floats of x, 128 of y, and 2304 products
    const crewOf = (leastFloats: number) => {
      fitted(row, problem).prepare({ crew: { threads: 4, leastFloats } } as unknown as Host);
      return seen.at(-1)?.crew;
    };
    expect(crewOf(864 + 128 + 576)?.threads).toBe(4);
    expect(crewOf(864 + 128 + 577)?.threads).toBe(1);
    expect(crewOf(864 + 128 + 577)?.leastFloats).toBe(864 + 128 + 577);
  });

  it('is cut for one then', () => {
    const [one, four] = [1, 4].map((threads) => ({ crew: { threads } }) as unknown as Host);
    expect([one, four].map((given) => partSize(given, 100, 90, 1))).toEqual([90, 13]);
    expect([one, four].map((given) => tooFew(given, 1))).toEqual([false, true]);
  });
});

describe('copies', () => {
  it.each([Float32Array, Int32Array])('of shared memory are ordinary arrays', (View) => {
    const view = new View(new SharedArrayBuffer(32) as never, 8, 3);
    view.set([5, -1, 7]);
    const copy = copied(view);
    view.fill(0);
    expect(copy).toEqual(View.of(5, -1, 7));
    expect(copy.buffer).toBeInstanceOf(ArrayBuffer);
  });
});
