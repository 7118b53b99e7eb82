import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { alias: { 'stridewise/tfjs': fileURLToPath(new URL('../../dist/tfjs.js', import.meta.url)) } },
  test: { include: ['test/tfjs/*.spec.js'], pool: 'forks', testTimeout: 120_000 },
});
