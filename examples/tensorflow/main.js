// A page that runs a model of the visitor's, plain and accelerated.
//   npm run example:tensorflow -- [--port N] [--isolated]

import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { serve } from '../page/serve.js';
import { buildPage } from './build.js';

const HELP = `npm run example:tensorflow -- [options]

Serves a page to this machine that runs a model you choose by TensorFlow.js, as it is and accelerated.

  --port N     the port to serve at (default: any that is free)
  --isolated   the page may share memory, so that TensorFlow.js runs on several threads
  --help`;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    isolated: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(HELP);
else {
  const folder = fileURLToPath(new URL('../../build/tensorflow-page', import.meta.url));
  rmSync(folder, { recursive: true, force: true });
  await buildPage(folder);
  const { address } = await serve(folder, Number(values.port), values.isolated);
  console.log(`the page is at ${address} (Ctrl-C ends it)`);
}
