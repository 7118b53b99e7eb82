import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const read = (url) => (existsSync(url) ? JSON.parse(readFileSync(url, 'utf8')).packages : undefined);

/** Name and version of each package, without the project itself. */
const list = (packages) =>
  JSON.stringify(
    Object.entries(packages)
      .flatMap(([name, { version }]) => (name ? [[name, version]] : []))
      .sort(),
  );

/** Whether everything of the lock file that belongs on this system is there. */
function installed(folder) {
  const lock = read(new URL('package-lock.json', folder));
  const there = read(new URL('node_modules/.package-lock.json', folder));
  if (!there) return false;
  const kept = Object.fromEntries(Object.entries(lock).filter(([name]) => name in there));
  return (
    list(kept) === list(there) &&
    Object.entries(lock).every(([name, { optional }]) => !name || name in there || optional)
  );
}

/**
 * Installs the packages of a folder that has a lock file of its own, unless they are there.
 * @param folder URL that ends in a slash
 */
export function install(folder) {
  if (installed(folder)) return;
  console.log(`installing the packages of ${fileURLToPath(folder)}`);
  execFileSync('npm', ['ci', '--silent'], { cwd: folder, stdio: 'inherit' });
}
