import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
const installed = new URL('./node_modules/.package-lock.json', import.meta.url);
const node24 = new URL(`./node_modules/node24/bin/node${process.platform === 'win32' ? '.exe' : ''}`, import.meta.url);

/** @param {string[]} args */
function npm(args) {
  const { status } = spawnSync('npm', args, {
    cwd: folder,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`npm ${args.join(' ')} failed in bench/peers`);
}

/** Versions named in a lock file, by package folder. @param {URL} lock @returns {Map<string, string>} */
function versions(lock) {
  const { packages } = JSON.parse(readFileSync(lock, 'utf8'));
  return new Map(Object.entries(packages).map(([path, entry]) => [path, entry.version]));
}

function isInstalled() {
  if (!existsSync(installed)) return false;
  const wanted = versions(new URL('./package-lock.json', import.meta.url));
  const found = versions(installed);
  return [...found].every(([path, version]) => wanted.get(path) === version);
}

/**
 * Installs the peers into bench/peers/node_modules, unless they are there. Install scripts are not run: the only one
 * among the peers fetches GPU libraries for onnxruntime-node, whose CPU library is inside its package.
 */
export function installPeers() {
  if (isInstalled()) return;
  console.error('installing the peers into bench/peers/node_modules …');
  npm(['ci', '--ignore-scripts', '--no-fund', '--no-audit']);
}

/** Path of Node 24, out of the npm package `node`, whose own install script brings the binary for this machine. */
export function installNode24() {
  installPeers();
  if (!existsSync(node24)) npm(['rebuild', 'node24']);
  if (!existsSync(node24)) throw new Error('the npm package node@24 brought no binary for this machine');
  return fileURLToPath(node24);
}
