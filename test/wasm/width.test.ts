import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);

const pathsIn = (folder: string) =>
  readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
    .map((path) => `${folder}${path.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.ts'));

/** Lines of a file that are longer than 120 columns, of those that `counts`. */
const longIn = (path: string, counts: (line: string) => boolean) =>
  readFileSync(new URL(path, root), 'utf8')
    .split('\n')
    .flatMap((line, i) => (line.length > 120 && counts(line) ? [`${path}:${i + 1}`] : []));

/** The formatter skips AssemblyScript. */
describe('lines of assembly end at 120 columns', () => {
  it.each(pathsIn('assembly/'))('%s', (path) => {
    expect(longIn(path, () => true)).toEqual([]);
  });
});

/** The formatter leaves comments as they are; boundary.ts is generated. */
describe('comments of src end at 120 columns', () => {
  it.each(pathsIn('src/').filter((path) => path !== 'src/wasm/boundary.ts'))('%s', (path) => {
    expect(longIn(path, (line) => /^\s*(\/\*\*|\*|\/\/)/.test(line))).toEqual([]);
  });
});
