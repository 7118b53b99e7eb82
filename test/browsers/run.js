import { cpSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { install } from '../package/install.js';
import { withSuite } from '../runtimes/app.js';
import { print, problems, write } from '../runtimes/report.js';
import { chromium } from './drivers/chromium.js';
import { firefox } from './drivers/firefox.js';
import { webkit } from './drivers/webkit.js';
import { serve } from './server.js';

const HELP = `The common suite in pages of browsers that the system has, on the packed package, under a policy without eval.

  npm run test:browsers -- [options]

  --only A,B   these browsers alone, e.g. --only Chromium,Firefox
  --write      put the results into the table of docs/builds.md`;

const browsers = [chromium, firefox, webkit];

/** Longer than a browser takes to start and run the suite on a busy machine, in milliseconds. */
const PATIENCE = 120_000;

const { values } = parseArgs({
  options: { only: { type: 'string' }, write: { type: 'boolean' }, help: { type: 'boolean' } },
});

/** The report of one browser. */
async function visit({ open }, path, server) {
  const visited = Promise.race([
    server.report(),
    setTimeout(PATIENCE, undefined, { ref: false }).then(() => ({ error: `no report after ${PATIENCE / 1000} s` })),
  ]);
  const { error, ...report } = await open(path, server.address, visited);
  if (error) throw new Error(error);
  return report;
}

async function main() {
  const only = values.only?.split(',');
  const chosen = only ? browsers.filter(({ name }) => only.includes(name)) : browsers;
  if (chosen.length === 0)
    throw new Error(`--only ${values.only}: known are ${browsers.map(({ name }) => name).join(', ')}`);
  const missing = chosen.filter(({ find }) => !find());
  if (missing.length > 0) {
    const [names, packages] = ['name', 'packages'].map((key) => missing.map((browser) => browser[key]));
    console.error(`${names.join(', ')} missing: apt-get install --no-install-recommends ${packages.join(' ')}`);
    process.exitCode = 1;
  }
  const there = chosen.filter((browser) => !missing.includes(browser));
  if (there.length === 0) return;
  install(new URL('./', import.meta.url));
  const reports = [];
  const broken = [];
  await withSuite(async (app) => {
    cpSync(fileURLToPath(new URL('page', import.meta.url)), app, { recursive: true });
    const server = await serve(app);
    for (const browser of there) {
      try {
        reports.push({ name: browser.name, ...(await visit(browser, browser.find(), server)) });
      } catch (error) {
        broken.push(`${browser.name}: ${error.message}`);
      }
    }
    server.close();
  });
  print(reports);
  for (const { name, firstResult } of reports)
    console.log(`${name}: ${firstResult.toFixed(0)} ms from script start to the first result`);
  const found = [...broken, ...problems(reports)];
  for (const problem of found) console.error(problem);
  if (found.length > 0) process.exitCode = 1;
  else if (values.write) write(reports);
}

if (values.help) console.log(HELP);
else await main();
