import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const assembly = new URL('../../assembly/', import.meta.url);

/** Files and folders whose lines are still longer. It shrinks. */
const pending = ['pool/'];

const paths = readdirSync(assembly, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.ts'));

/** The formatter skips AssemblyScript. */
describe('lines of assembly end at 120 columns', () => {
  const longIn = (path: string) =>
    readFileSync(new URL(path, assembly), 'utf8')
      .split('\n')
      .flatMap((line, i) => (line.length > 120 ? [`${path}:${i + 1}`] : []));

  const isPending = (path: string) => pending.some((start) => path.startsWith(start));

  it.each(paths.filter((path) => !isPending(path)))('%s', (path) => {
    expect(longIn(path)).toEqual([]);
  });

  it.each(pending)('%s is still pending', (start) => {
    expect(paths.filter((path) => path.startsWith(start)).flatMap(longIn)).not.toEqual([]);
  });
});
