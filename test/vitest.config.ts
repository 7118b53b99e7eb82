import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Node 20 knows relaxed SIMD only behind a flag; later versions have it and refuse the flag.
const relaxedFlag = Number(process.versions.node.split('.')[0]) < 22 ? ['--experimental-wasm-relaxed-simd'] : [];

/** With `--mode long` every property runs so many times as often, on other cases each time. */
const LONG = 50;

// The page is a package of its own, in which the library's name means nothing to Node.
const entry = (name: string) => fileURLToPath(new URL(`../dist/${name}.js`, import.meta.url));

export default defineConfig(({ mode }) => {
  const times = mode === 'long' ? LONG : 1;
  return {
    resolve: {
      alias: [
        { find: /^stridewise$/, replacement: entry('index') },
        { find: /^stridewise\/(arithmetic|matrix|nn|tfjs|threads)$/, replacement: entry('$1') },
      ],
    },
    test: {
      include: ['test/**/*.test.ts'],
      pool: 'forks',
      execArgv: relaxedFlag,
      env: times > 1 ? { STRIDEWISE_LONG: `${times}` } : {},
      testTimeout: 120_000 * times,
    },
  };
});
