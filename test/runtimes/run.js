import { parseArgs } from 'node:util';
import { install } from '../package/install.js';
import { withSuite } from './app.js';
import { edgeRuntime } from './hosts/edge-runtime.js';
import { scripts } from './hosts/script.js';
import { workerd } from './hosts/workerd.js';
import { print, problems, write } from './report.js';
import { uncaught } from './uncaught.js';

const HELP = `The common suite in every runtime that npm can install, on the packed package.

  npm run test:runtimes -- [options]

  --only A,B   these runtimes alone, e.g. --only "Node 22,Deno"
  --write      put the results into the table of docs/builds.md`;

const hosts = [...scripts, workerd, edgeRuntime];

const { values } = parseArgs({
  options: { only: { type: 'string' }, write: { type: 'boolean' }, help: { type: 'boolean' } },
});

async function main() {
  const only = values.only?.split(',');
  const chosen = only ? hosts.filter(({ name }) => only.includes(name)) : hosts;
  if (chosen.length === 0)
    throw new Error(`--only ${values.only}: known are ${hosts.map(({ name }) => name).join(', ')}`);
  install(new URL('./', import.meta.url));
  const reports = [];
  const broken = [];
  await withSuite(async (app) => {
    for (const host of chosen) {
      try {
        reports.push({ name: host.name, ...(await host.run(app)) });
        if (host.execute) broken.push(...(await uncaught(app, host)));
      } catch (error) {
        broken.push(`${host.name}: ${error.message}`);
      }
    }
  });
  print(reports);
  const found = [...broken, ...problems(reports)];
  for (const problem of found) console.error(problem);
  if (found.length > 0) process.exitCode = 1;
  else if (values.write) write(reports);
}

if (values.help) console.log(HELP);
else await main();
