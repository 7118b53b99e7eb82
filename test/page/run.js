import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { chromium } from '../browsers/drivers/chromium.js';
import { firefox } from '../browsers/drivers/firefox.js';
import { install } from '../package/install.js';

const HELP = `The page in browsers that the system has: every control, against the definition; screenshots for a look go to build/page-screenshots.

  npm run test:page -- [words for vitest, e.g. -t explorer]`;

const root = fileURLToPath(new URL('../../', import.meta.url));
const run = (script, ...args) =>
  spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' }).status ?? 1;

function main(words) {
  if (words.includes('--help')) {
    console.log(HELP);
    return 0;
  }
  const missing = [chromium, firefox].filter(({ find }) => !find());
  if (missing.length > 0) {
    const [names, packages] = ['name', 'packages'].map((key) => missing.map((browser) => browser[key]));
    console.error(`${names.join(', ')} missing: apt-get install --no-install-recommends ${packages.join(' ')}`);
    return 1;
  }
  install(new URL('./', import.meta.url));
  install(new URL('../../examples/page/', import.meta.url));
  const tsc = (project) => run('node_modules/typescript/bin/tsc', '-p', project);
  return (
    tsc('examples/page/tsconfig.json') ||
    tsc('test/page/tsconfig.json') ||
    run('node_modules/vitest/vitest.mjs', 'run', '--config', 'test/page/vitest.config.ts', ...words)
  );
}

process.exitCode = main(process.argv.slice(2));
