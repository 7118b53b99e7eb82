import { spawnSync } from 'node:child_process';
import { install } from '../package/install.js';

// The specs need TensorFlow.js, which is installed on first use and is no dependency of the package.
install(new URL('./', import.meta.url));
const { status } = spawnSync('npx', ['vitest', 'run', '--config', 'test/tfjs/vitest.config.js'], {
  cwd: new URL('../../', import.meta.url),
  stdio: 'inherit',
  shell: process.platform === 'win32',
});
process.exitCode = status ?? 1;

// after the installation, which brings what it imports
const { specs } = await import('./specs/run.js');
const wrong = await specs();
for (const problem of wrong) console.error(problem);
if (wrong.length > 0) process.exitCode = 1;
