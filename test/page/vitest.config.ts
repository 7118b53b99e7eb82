import { defineConfig, mergeConfig } from 'vitest/config';
import shared from '../vitest.config.js';

/** The page in browsers: `npm run test:page`. */
export default mergeConfig(
  { ...shared, test: { ...shared.test, include: [] } },
  defineConfig({
    test: {
      include: ['test/page/browser/*.browser.ts'],
      globalSetup: ['test/page/browser/setup.ts'],
      fileParallelism: false,
    },
  }),
);
