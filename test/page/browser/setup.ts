import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { buildPage } from '../../../examples/page/build.js';
import { serve } from '../../../examples/page/serve.js';

declare module 'vitest' {
  interface ProvidedContext {
    address: string;
  }
}

/** Builds the page once and serves it to all tests. */
export default async function setup({ provide }: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'stridewise-'));
  await buildPage(folder);
  const server = await serve(folder, 0, true);
  provide('address', server.address);
  return () => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  };
}
