// Builds run only where a source is newer than what was made of it.

import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newer } from '../../assembly/newer.mjs';

let folder: string;

/** A file that was written so many seconds after the others. */
function write(name: string, seconds: number): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, '');
  utimesSync(path, seconds, seconds);
  return path;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stridewise-newer-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a build', () => {
  it('runs when a source is newer than any file that was made, in folders, too', () => {
    const source = write('src/deep/a.ts', 10);
    for (const path of ['src/deep', 'src']) utimesSync(join(folder, path), 10, 10);
    const made = [write('dist/a.js', 20), write('dist/b.js', 30)];
    expect(newer([join(folder, 'src')], [join(folder, 'dist')])).toBe(false);
    expect(newer([join(folder, 'src')], made)).toBe(false);
    utimesSync(source, 25, 25);
    expect(newer([join(folder, 'src')], [join(folder, 'dist')])).toBe(true);
    expect(newer([source], made.slice(1))).toBe(false);
  });

  it('runs when a source is gone, which changes its folder', () => {
    write('src/a.ts', 10);
    write('dist/a.js', 20);
    utimesSync(join(folder, 'src'), 30, 30);
    expect(newer([join(folder, 'src')], [join(folder, 'dist')])).toBe(true);
  });

  it('runs when nothing was made', () => {
    const source = write('src/a.ts', 10);
    mkdirSync(join(folder, 'dist'));
    expect(newer([source], [join(folder, 'dist')])).toBe(true);
    expect(newer([source], [join(folder, 'none.js')])).toBe(true);
  });
});
