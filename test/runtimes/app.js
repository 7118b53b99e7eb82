import { execFileSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root, withApp } from '../package/packed.js';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/** The package, the suite with its cases, and the main file of every host, in one folder. */
export const withSuite = (work) =>
  withApp((directory) => {
    cpSync(here('suite'), join(directory, 'suite'), { recursive: true });
    cpSync(here('main'), directory, { recursive: true });
    const run = (script, args) =>
      execFileSync(process.execPath, [join(root, script), ...args], { cwd: root, stdio: 'inherit' });
    run('node_modules/typescript/bin/tsc', ['-p', here('tsconfig.json')]);
    run('build/runtimes/test/runtimes/cases.js', [join(directory, 'suite/cases.js')]);
    return work(directory);
  });
