import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The package as another revision has it, built from git. */

/** @param {string[]} args */
const git = (...args) => execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();

/** The last tag, or the last commit where there is none. */
function lastTag() {
  try {
    return git('describe', '--tags', '--abbrev=0');
  } catch {
    return 'HEAD';
  }
}

/**
 * Builds a revision once, in a folder of its own under build/revisions.
 * @param {string} [name] Whatever git knows a commit by; default: the last tag, or the last commit where there is none.
 * @returns {{ title: string, url: string }} What to call it, and where its default entry is.
 */
export function revision(name = lastTag()) {
  const root = git('rev-parse', '--show-toplevel');
  const commit = commitOf(name);
  const folder = join(root, 'build/revisions', commit);
  if (!existsSync(folder)) build(root, commit, folder);
  return { title: `${name} (${commit.slice(0, 10)})`, url: pathToFileURL(join(folder, 'dist/index.js')).href };
}

/** @param {string} name */
function commitOf(name) {
  try {
    return git('rev-parse', '--verify', `${name}^{commit}`);
  } catch {
    throw new Error(`${name} is no revision that git knows`);
  }
}

/**
 * The folder gets its name when the build is whole.
 * @param {string} root @param {string} commit @param {string} folder
 */
function build(root, commit, folder) {
  const part = `${folder}.${process.pid}`;
  mkdirSync(part, { recursive: true });
  try {
    const archive = join(part, 'source.tar');
    git('archive', '--output', archive, commit);
    execFileSync('tar', ['-xf', archive, '-C', part]);
    const lock = (/** @type {string} */ place) => readFileSync(join(place, 'package-lock.json'), 'utf8');
    const npm = (/** @type {string[]} */ ...args) =>
      execFileSync('npm', args, { cwd: part, stdio: ['ignore', 'ignore', 'inherit'] });
    // the same tools need no second copy
    if (lock(part) === lock(root)) symlinkSync(join(root, 'node_modules'), join(part, 'node_modules'), 'junction');
    else npm('ci');
    npm('run', '--silent', 'build');
    renameSync(part, folder);
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
}
