import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** @typedef {{ version?: string, dev?: boolean, optional?: boolean, devOptional?: boolean }} Entry */

/**
 * What a lock file names, by package folder; nothing where there is no file.
 * @param {URL} lock
 * @returns {[path: string, entry: Entry][]}
 */
function entries(lock) {
  if (!existsSync(lock)) return [];
  return Object.entries(JSON.parse(readFileSync(lock, 'utf8')).packages).filter(([path]) => path !== '');
}

/**
 * Installs the packages of an example into its own node_modules, unless they are there.
 * @param {URL} folder of the example, its package.json and lock file
 * @param {{ dev: boolean }} options whether those for development are wanted, too
 */
export function installPackages(folder, { dev }) {
  const found = new Map(entries(new URL('node_modules/.package-lock.json', folder)));
  const missing = entries(new URL('package-lock.json', folder)).some(
    ([path, entry]) =>
      (dev || !(entry.dev || entry.devOptional)) && !entry.optional && found.get(path)?.version !== entry.version,
  );
  if (!missing) return;
  const cwd = fileURLToPath(folder);
  console.error(`installing packages into ${cwd}node_modules …`);
  const { status } = spawnSync('npm', ['ci', '--no-fund', '--no-audit', ...(dev ? [] : ['--omit=dev'])], {
    cwd,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`npm ci failed in ${cwd}`);
}
