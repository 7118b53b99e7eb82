import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const bin = (path) => fileURLToPath(new URL(`../node_modules/${path}`, import.meta.url));

/** Longer than any suite takes on a busy machine. */
const PATIENCE = 120_000;

/** A host that runs a file as a process of its own: the suite prints its report, other files what they print. */
function script(name, path, args = () => [], env = {}) {
  const execute = (app, file) => {
    const options = { cwd: app, env: { ...process.env, ...env }, maxBuffer: 2 ** 24, timeout: PATIENCE };
    return promisify(execFile)(bin(path), [...args(app), join(app, file)], options);
  };
  return { name, execute, run: async (app) => JSON.parse((await execute(app, 'script.js')).stdout) };
}

const node = (major) => script(`Node ${major}`, `node${major}/bin/node`);

/** Deno needs leave to read for `stridewise/url` alone. */
const denoArgs = (app) => [
  'run',
  '--no-prompt',
  '--no-lock',
  '--no-remote',
  '--node-modules-dir=manual',
  `--allow-read=${app}`,
];

export const scripts = [
  node(20),
  node(22),
  node(24),
  node(26),
  script('Deno', '.bin/deno', denoArgs, { DENO_NO_UPDATE_CHECK: '1' }),
  script('Bun', '.bin/bun', () => ['run', '--no-install']),
];
