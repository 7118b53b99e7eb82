// Installs what this example needs, on first use.

import { execSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const cwd = fileURLToPath(new URL('.', import.meta.url));
if (!existsSync(new URL('node_modules/@tensorflow/tfjs-layers', import.meta.url)))
  execSync('npm ci --no-audit --no-fund --silent', { cwd, stdio: 'inherit' });
