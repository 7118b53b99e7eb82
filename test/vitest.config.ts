import { defineConfig } from 'vitest/config';

// Node 20 knows relaxed SIMD only behind a flag; later versions have it and refuse the flag.
const relaxedFlag = Number(process.versions.node.split('.')[0]) < 22 ? ['--experimental-wasm-relaxed-simd'] : [];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    execArgv: relaxedFlag,
    testTimeout: 120_000,
  },
});
