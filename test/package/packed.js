import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** The tarball of `npm pack`, in a folder. */
export function pack(directory) {
  if (!existsSync(join(root, 'dist/index.js'))) throw new Error('dist/ is missing: run `npm run build` first');
  const args = ['pack', '--silent', '--pack-destination', directory];
  return join(directory, execFileSync('npm', args, { cwd: root, encoding: 'utf8' }).trim().split('\n').at(-1));
}

/**
 * An application in a temporary folder that has this package installed from its tarball, as a user has it: resolved by
 * name, through `exports`. `work` has its path; the folder is removed in the end.
 */
export async function withApp(work) {
  const directory = mkdtempSync(join(tmpdir(), 'stridewise-'));
  try {
    mkdirSync(join(directory, 'node_modules'));
    execFileSync('tar', ['-xzf', pack(directory), '-C', directory]);
    renameSync(join(directory, 'package'), join(directory, 'node_modules/stridewise'));
    writeFileSync(join(directory, 'package.json'), '{ "private": true, "type": "module" }\n');
    return await work(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
