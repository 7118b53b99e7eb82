import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

function runs(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Path of the first of these programs that is there: names are looked up in PATH. */
export const find = (...names) =>
  names
    .flatMap((name) =>
      name.startsWith('/') ? [name] : process.env.PATH.split(delimiter).map((folder) => join(folder, name)),
    )
    .find(runs);
