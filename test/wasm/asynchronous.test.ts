import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const { Instance, Module, compile } = WebAssembly;

/** Most bytes of a module that such a thread compiles or instantiates synchronously. */
const MOST = 4096;

const refusal = (what: string, instead: string) =>
  new RangeError(
    `WebAssembly.${what} is disallowed on the main thread, if the buffer size is larger than 4KB. Use WebAssembly.${instead}.`,
  );

/** WebAssembly on the main thread of a page in Chromium before 114. */
function onOldMainThread(): typeof WebAssembly {
  const large = new WeakSet<object>();
  function OldModule(bytes: Uint8Array<ArrayBuffer>) {
    if (bytes.byteLength > MOST) throw refusal('Compile', 'compile');
    return new Module(bytes);
  }
  function OldInstance(module: WebAssembly.Module, imports: WebAssembly.Imports) {
    if (large.has(module)) throw refusal('Instance', 'instantiate');
    return new Instance(module, imports);
  }
  const compileLarge = async (bytes: Uint8Array<ArrayBuffer>) => {
    const module = await compile(bytes);
    if (bytes.byteLength > MOST) large.add(module);
    return module;
  };
  // `instanceof` holds as before
  OldModule.prototype = Module.prototype;
  return Object.create(WebAssembly, {
    Module: { value: OldModule },
    Instance: { value: OldInstance },
    compile: { value: compileLarge },
  });
}

/** The package as a fresh page loads it. */
async function fresh() {
  vi.resetModules();
  const api = await import('../../src/index.js');
  return { ...api, sum: () => api.gemm(api.tensor([1, 2], [1, 2]), api.tensor([3, 4], [2, 1])).data[0] };
}

const unsupported = (part: string) =>
  expect.objectContaining({ code: 'UNSUPPORTED', message: expect.stringContaining(part) });

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('a thread that compiles only asynchronously', () => {
  beforeEach(() => {
    vi.stubGlobal('WebAssembly', onOldMainThread());
  });

  it('computes after init, and after another', async () => {
    const { init, sum } = await fresh();
    await init();
    expect(sum()).toBe(11);
    await init({ simd: 'strict' });
    expect(sum()).toBe(11);
  });

  it('computes when init is called twice at a time', async () => {
    const { init, sum } = await fresh();
    await Promise.all([init(), init()]);
    expect(sum()).toBe(11);
  });

  it('computes with a module that it compiled itself', async () => {
    const { init, sum } = await fresh();
    const { kernels } = await import('../../build/wasm/inline.js');
    const { decode } = await import('../../src/wasm/decode.js');
    await init({ module: await WebAssembly.compile(decode(kernels(true))) });
    expect(sum()).toBe(11);
  });

  it('is told to wait for init by calls before it, and computes after it', async () => {
    const { init, sum } = await fresh();
    expect(sum).toThrow(unsupported('await init()'));
    await init();
    expect(sum()).toBe(11);
  });
});

describe('a host without WebAssembly', () => {
  it.each([
    ['none', undefined],
    ['an empty one', {}],
  ])('%s is an UnsupportedError, in calls and in init', async (_, absent) => {
    vi.stubGlobal('WebAssembly', absent);
    const { init, sum } = await fresh();
    expect(sum).toThrow(unsupported('128-bit SIMD'));
    await expect(init()).rejects.toEqual(unsupported('128-bit SIMD'));
  });
});
