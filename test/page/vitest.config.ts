import { defineConfig } from 'vitest/config';
import shared from '../vitest.config.js';

/** The page in browsers: `npm run test:page`. */
export default defineConfig((env) => {
  const { resolve, test } = shared(env);
  return {
    resolve,
    test: {
      ...test,
      include: ['test/page/browser/*.browser.ts'],
      globalSetup: ['test/page/browser/setup.ts'],
      fileParallelism: false,
      // a browser takes its time to start on a busy machine
      hookTimeout: 60_000,
    },
  };
});
