import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import * as api from '../../dist/threads.js';
import { integerTensor } from '../support/data.js';

const { conv2d, features, init, memoryUsage, prepareConv2d } = api;
const dist = new URL('../../dist/', import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'stridewise-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(async () => void (await init({ threads: 1 })));

const x = integerTensor([1, 16, 40, 40], 1);
const weight = integerTensor([16, 16, 3, 3], 2);
const options = { padding: 1, algorithm: 'indirect' };
const convolve = () => conv2d(x, weight, options);
const expected = convolve().data;

/** A worker that runs some code before that of the package. */
function spoiled(code: string): () => Worker {
  const file = join(folder, `${Math.random()}.mjs`);
  writeFileSync(file, `${code}\nawait import(${JSON.stringify(new URL('worker.js', dist).href)});\n`);
  return () => new Worker(pathToFileURL(file));
}

/** A worker in which every kernel meets `fate` instead of doing its work. */
const doomed = (fate: string) =>
  spoiled(`const { Instance } = WebAssembly;
WebAssembly.Instance = function (...given) {
  const { exports } = new Instance(...given);
  return { exports: Object.fromEntries(Object.keys(exports).map((name) => [name, () => { ${fate} }])) };
};`);

/** Calls until a worker has had a part in one, and what that call throws. */
function fall(): unknown {
  for (let i = 0; i < 1000; i++) {
    try {
      convolve();
    } catch (error) {
      return error;
    }
  }
  throw new Error('nothing was thrown');
}

describe('a worker', () => {
  it('that traps ends the instance, and the next call starts anew, with threads', async () => {
    let made = 0;
    const [bad, good] = [doomed('throw new WebAssembly.RuntimeError("unreachable")'), spoiled('')];
    await init({ threads: 2, worker: () => (made++ === 0 ? bad() : good()) });
    const handle = prepareConv2d(weight, options, x.shape);
    expect(fall()).toMatchObject({ code: 'TRAP', message: expect.stringContaining('in a worker') });
    expect(() => handle.run(x)).toThrow('make it anew');
    handle.dispose();
    expect(convolve().data).toEqual(expected);
    expect(made).toBe(2);
    expect(memoryUsage().used).toBe(0);
    for (let tries = 0; features().threads < 2 && tries < 5000; tries++)
      await new Promise((done) => setTimeout(done, 1));
    expect(features()).toMatchObject({ threads: 2 });
    expect(convolve().data).toEqual(expected);
  });

  it('that dies in the middle of a call ends the instance in bounded time', async () => {
    let made = 0;
    const bad = doomed('process.exit()');
    await init({
      threads: 2,
      worker: () => {
        if (made++ > 0) throw new Error('no more');
        return bad();
      },
    });
    expect(fall()).toMatchObject({ code: 'TRAP', message: expect.stringContaining('does not answer') });
    // workers cannot be had again
    expect(convolve().data).toEqual(expected);
    expect(features()).toMatchObject({ threads: 1, threadsReason: 'the host refuses a worker: no more' });
  });

  it('that ends between calls leaves one thread and a reason', async () => {
    let worker: Worker | undefined;
    await init({ threads: 2, worker: () => (worker = new Worker(new URL('worker.js', dist))) });
    expect(features().threads).toBe(2);
    await worker?.terminate();
    expect(convolve().data).toEqual(expected);
    expect(features()).toMatchObject({ threads: 1, threadsReason: 'a worker has ended' });
  });

  it.each([
    ['does not start', 'throw new Error("broken")', 'broken'],
    ['ends at once', 'process.exit()', 'a worker has ended'],
  ])('that %s is an error where a number was asked for, else a reason, and leaves what was', async (_, code, why) => {
    await init({ threads: 2, simd: 'strict' });
    const handle = prepareConv2d(weight, options, x.shape);
    await expect(init({ threads: 3, worker: spoiled(code) })).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining(why),
    });
    expect(features()).toMatchObject({ build: 'simd', threadsReason: 'asked for' });
    expect(handle.run(x).data).toEqual(expected);
    handle.dispose();
    const found = await init({ threads: 'auto', worker: spoiled(code) });
    if (found.threadsReason.includes('one core')) return;
    expect(found).toMatchObject({ threads: 1, threadsReason: expect.stringContaining(why) });
    expect(convolve().data).toEqual(expected);
  });

  it.each([
    [{ threads: 0 }, 'threads'],
    [{ threads: 65 }, 'at most 64'],
    [{ threads: 2.5 }, 'threads'],
    [{ leastFloats: -1 }, 'leastFloats'],
    [{ leastFloats: 0.5 }, 'leastFloats'],
    [{ worker: 'file' }, 'worker'],
    [{ thread: 2 }, 'threads'],
  ])('is not started by %o', async (given, message) => {
    await expect(init(given as never)).rejects.toMatchObject({
      code: 'OPTION',
      message: expect.stringContaining(message),
    });
  });
});

describe('init', () => {
  it('ends the threads of the one before, whose handles run on', async () => {
    await init({ threads: 3 });
    const handle = prepareConv2d(weight, options, x.shape);
    expect(handle.run(x).data).toEqual(expected);
    await init({ threads: 2 });
    expect(features().threads).toBe(2);
    expect(handle.run(x).data).toEqual(expected);
    handle.dispose();
  });

  it('counts the scratch of every thread', async () => {
    const bytes = [];
    for (const threads of [1, 2, 3]) {
      await init({ threads });
      const handle = prepareConv2d(weight, { padding: 1, algorithm: 'direct' }, x.shape);
      const other = prepareConv2d(weight, options, x.shape);
      bytes.push([handle.workspaceBytes, other.workspaceBytes]);
      handle.dispose();
      other.dispose();
    }
    // one has no scratch of its own, the other has
    expect(new Set(bytes.map(([none]) => none)).size).toBe(1);
    expect(bytes[2][1]).toBeGreaterThan(bytes[1][1]);
  });

  it('counts the time in which all threads work', async () => {
    await init({ threads: 2 });
    expect(features().sharedMs).toBe(0);
    const began = performance.now();
    expect(convolve().data).toEqual(expected);
    const spent = performance.now() - began;
    expect(features().sharedMs).toBeGreaterThan(0);
    expect(features().sharedMs).toBeLessThanOrEqual(spent);
    await init({ threads: 1 });
    expect(features().sharedMs).toBe(0);
  });

  it('shares memory that grows while threads run, and results are ordinary arrays', async () => {
    await init({ threads: 2, simd: 'strict' });
    const before = memoryUsage().reserved;
    const home = api.arena();
    const kept = home.from(x.data, x.shape);
    const view = kept.data;
    for (let size = 1; size <= 8; size *= 2) {
      const batch = integerTensor([size, 16, 40, 40], 1);
      const all = conv2d(batch, weight, options).data;
      expect(all.buffer).toBeInstanceOf(ArrayBuffer);
      expect(all.subarray(0, expected.length)).toEqual(expected);
    }
    // whose tasks write records where the memory has just grown
    for (let rows = 300; rows <= 20_000; rows *= 2) {
      const [a, b] = [integerTensor([rows, 300], 1), integerTensor([300, 40], 2)];
      const last = api.gemm(api.tensor(a.data.slice((rows - 1) * 300), [1, 300]), b).data;
      expect(api.gemm(a, b).data.subarray((rows - 1) * 40)).toEqual(last);
    }
    expect(memoryUsage().reserved).toBeGreaterThan(before);
    expect(view).toEqual(x.data);
    // a tensor that stood in a buffer of the past would be copied
    expect(kept.data.buffer.byteLength).toBe(memoryUsage().reserved);
    expect(Float32Array.from(kept.data)).toEqual(x.data);
    expect(conv2d(kept, weight, options).data).toEqual(expected);
    home.dispose();
  });

  it('starts more threads than there are cores', async () => {
    expect(await init({ threads: 9 })).toMatchObject({ threads: 9 });
    for (let i = 0; i < 20; i++) expect(convolve().data).toEqual(expected);
  });
});

describe('a process with threads', () => {
  const entry = JSON.stringify(new URL('threads.js', dist).href);
  const program = (end: string) => `import { init, features, globalAvgPool, tensor } from ${entry};
await init({ threads: 2 });
globalAvgPool(tensor([1, 2, 3, 4], [1, 1, 2, 2]));
console.log(features().threads);
${end}`;

  it.each([
    ['by itself', ''],
    ['while workers sleep', 'await new Promise((done) => setTimeout(done, 200));'],
  ])('ends %s', (_, end) => {
    const args = ['--input-type=module', '--eval', program(end)];
    expect(execFileSync(process.execPath, args, { encoding: 'utf8', timeout: 60_000 })).toBe('2\n');
  });

  it('leaves its exit code alone', () => {
    const { status } = spawnSync(process.execPath, ['--input-type=module', '--eval', program('process.exitCode = 3;')]);
    expect(status).toBe(3);
  });
});
