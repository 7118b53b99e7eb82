import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Versions named in a lock file, by package folder; none where there is no file. @param {string} lock @returns
 * {Map<string, string>}
 */
function versions(lock) {
  const url = new URL(lock, import.meta.url);
  if (!existsSync(url)) return new Map();
  const { packages } = JSON.parse(readFileSync(url, 'utf8'));
  return new Map(Object.entries(packages).map(([path, entry]) => [path, entry.version]));
}

/** Installs the packages of the page into its own node_modules, unless they are there. */
export function installPackages() {
  const wanted = versions('./package-lock.json');
  const found = versions('./node_modules/.package-lock.json');
  if (found.size > 0 && [...found].every(([path, version]) => wanted.get(path) === version)) return;
  console.error('installing the packages of the page into examples/page/node_modules …');
  const cwd = fileURLToPath(new URL('.', import.meta.url));
  const { status } = spawnSync('npm', ['ci', '--no-fund', '--no-audit'], {
    cwd,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error('npm ci failed in examples/page');
}
