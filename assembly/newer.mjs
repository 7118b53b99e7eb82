import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A file, or a folder with all that is in it, since one that goes changes its folder. */
const within = (path) =>
  statSync(path).isDirectory()
    ? [path, ...readdirSync(path, { recursive: true }).map((name) => join(path, name))]
    : [path];

const times = (paths) => paths.flatMap(within).map((path) => statSync(path).mtimeMs);

/**
 * Whether something must be built: a source is newer than what was made from them, or nothing was. Both are files and
 * folders.
 */
export function newer(sources, made) {
  if (made.some((path) => !existsSync(path) || (statSync(path).isDirectory() && readdirSync(path).length === 0)))
    return true;
  const files = made.flatMap(within).filter((path) => !statSync(path).isDirectory());
  return Math.max(...times(sources)) > Math.min(...times(files));
}
