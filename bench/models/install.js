import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = new URL('./', import.meta.url);

/** @param {string} name */
const versionIn = (name) => {
  const file = new URL(`node_modules/${name}/package.json`, folder);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : undefined;
};

/**
 * Installs TensorFlow.js and packages of networks into bench/models/node_modules, unless they are there. The optional
 * ones of package.json are large, and come only when one of them is needed.
 * @param {Iterable<string>} packages
 */
export function installModels(packages) {
  const { dependencies, optionalDependencies } = JSON.parse(readFileSync(new URL('package.json', folder), 'utf8'));
  const versions = { ...dependencies, ...optionalDependencies };
  const needed = [...Object.keys(dependencies), ...packages];
  if (needed.every((name) => versionIn(name) === versions[name])) return;
  console.error('installing TensorFlow.js and networks into bench/models/node_modules …');
  const omitted = needed.some((name) => name in optionalDependencies) ? [] : ['--omit=optional'];
  // the networks name an older TensorFlow.js as their peer, and no script is run
  const args = ['ci', '--silent', '--legacy-peer-deps', '--ignore-scripts', ...omitted];
  const { status } = spawnSync('npm', args, {
    cwd: fileURLToPath(folder),
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`npm ${args.join(' ')} failed in bench/models`);
}
