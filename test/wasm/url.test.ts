import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Sources } from '../../src/wasm/sources.js';

const bytes = readFileSync(new URL('../../build/wasm/simd.wasm', import.meta.url));

const answer = (type: string | undefined, status = 200) =>
  vi.fn(
    async () =>
      new Response(status === 200 ? bytes : null, {
        status,
        headers: type === undefined ? {} : { 'content-type': type },
      }),
  );

let sources: Sources;
beforeEach(async () => {
  vi.resetModules();
  ({ sources } = await import('../../src/wasm/modules.url.js'));
  // as in a host without files
  vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe('kernels by URL', () => {
  it.each(['application/wasm', 'application/octet-stream', undefined])('arrive as %s, once', async (type) => {
    const fetch = answer(type);
    vi.stubGlobal('fetch', fetch);
    await sources.load?.('simd');
    await sources.load?.('simd');
    expect(fetch).toHaveBeenCalledOnce();
    expect(WebAssembly.Module.exports(sources.module('simd')).length).toBeGreaterThan(10);
  });

  it('that are not there are named', async () => {
    vi.stubGlobal('fetch', answer(undefined, 404));
    const message = expect.stringMatching(/relaxed\.wasm \(status 404\)/);
    await expect(sources.load?.('relaxed')).rejects.toMatchObject({ code: 'UNSUPPORTED', message });
  });

  it.each(['text/html', undefined])('that a server has no idea of are named, and what to do (%s)', async (type) => {
    const page = new Response('<!doctype html>', { headers: type === undefined ? {} : { 'content-type': type } });
    vi.stubGlobal('fetch', async () => page);
    const message = expect.stringMatching(/simd\.wasm .*optimizeDeps: \{ exclude: \['stridewise'\] \}/);
    await expect(sources.load?.('simd')).rejects.toMatchObject({ code: 'UNSUPPORTED', message });
  });

  it('need init before the first call', () => {
    const message = expect.stringContaining('await init()');
    expect(() => sources.module('simd')).toThrow(expect.objectContaining({ code: 'UNSUPPORTED', message }));
  });
});
