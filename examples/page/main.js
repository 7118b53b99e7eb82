import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildPage } from './build.js';
import { serve } from './serve.js';

const help = `npm run page -- [options]

Builds the page (the explorer, the picture and the benchmark) and serves it to this machine. Its packages are installed on first use.

  --out FOLDER   only builds, into a folder that any static host can serve
  --port N       the port to serve at (default: any that is free)
  --help`;

const options = /** @type {const} */ ({
  out: { type: 'string' },
  port: { type: 'string', default: '0' },
  help: { type: 'boolean', default: false },
});

const ownFolder = fileURLToPath(new URL('../../build/page', import.meta.url));

async function main() {
  const { values } = parseArgs({ options });
  if (values.help) return console.log(help);
  const port = Number(values.port);
  if (!(Number.isInteger(port) && port >= 0 && port < 65536))
    throw new Error(`--port ${values.port}: expected a number below 65536`);
  if (values.out !== undefined) {
    await buildPage(values.out);
    return console.log(`the page is in ${values.out}`);
  }
  rmSync(ownFolder, { recursive: true, force: true });
  await buildPage(ownFolder);
  const { address } = await serve(ownFolder, port, true);
  console.log(`the page is at ${address} (Ctrl-C ends it)`);
}

await main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
