import { readdirSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

function* sourceFiles(folder: string): Generator<string> {
  for (const entry of readdirSync(resolve(root, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* sourceFiles(path);
    else if (path.endsWith('.ts')) yield path;
  }
}

/** Folders of assembly from the top; a file may import from its own level and from below. */
const assemblyLevels = ['conv|pool|nn', 'gemm', 'simd'];

/** What each level of src may import besides itself. `shape` is pure: it sees no algorithm and no memory. */
const allowed: Record<string, string[]> = {
  ops: ['shape', 'plan', 'algorithms', 'wasm'],
  tfjs: ['nn', 'shape', 'plan', 'algorithms', 'wasm'],
  plan: ['algorithms', 'shape', 'wasm'],
  algorithms: ['wasm'],
  shape: [],
  wasm: [],
  arithmetic: ['shape'],
  matrix: ['shape'],
  data: ['shape'],
  nn: ['shape', 'wasm'],
  // names only
  '': ['ops', 'tfjs', 'shape', 'wasm', 'arithmetic', 'data', 'matrix', 'nn'],
};

const importsOf = (path: string) =>
  [...readFileSync(resolve(root, path), 'utf8').matchAll(/from ['"](\.[^'"]+)['"]/g)].map(([, target]) =>
    relative(root, resolve(root, dirname(path), target)).replaceAll('\\', '/'),
  );

const levelOf = (path: string) => path.split('/').slice(1, -1)[0] ?? '';

describe('imports go down only', () => {
  it.each([...sourceFiles('src')])('%s', (path) => {
    const from = levelOf(path);
    for (const target of importsOf(path)) {
      if (!target.startsWith('src/')) continue;
      const to = levelOf(target);
      if (to !== '' && to !== from) expect(allowed[from], `${path} imports ${target}`).toContain(to);
    }
  });

  it.each([...sourceFiles('assembly')])('%s', (path) => {
    const level = (p: string) => assemblyLevels.findIndex((names) => names.split('|').includes(levelOf(p)));
    if (path === 'assembly/index.ts') return;
    for (const target of importsOf(path)) {
      expect(level(target), `${path} imports ${target}`).toBeGreaterThanOrEqual(level(path));
    }
  });
});

/** The text of a file without its comments. */
const codeOf = (path: string) => readFileSync(resolve(root, path), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');

/** What speaks of addresses: of linear memory, of the kernels, of the places of operands. */
const addresses = /\b(Address|runOn|exports|scratch)\b|\.\s*arena\b|[{,]\s*arena\b[^{}]*\}\s*(:\s*Host\b|=)/;

describe('operators handle no addresses', () => {
  it.each([...sourceFiles('src/ops')])('%s', (path) => {
    expect(codeOf(path)).not.toMatch(addresses);
  });

  it.each([
    'host.exports.scale(to, from, n, 2)',
    'const { exports } = host();',
    'const place: Address = 8;',
    'runOn(on, [x], [y], 0, work)',
    'this.#host.arena.keep(4)',
    'on\n  .arena.release(at)',
    'function give({ arena }: Host) {}',
    'const { arena, mr } = on;',
    'arena.scratch(4, work)',
  ])('as they would with %s', (code) => {
    expect(code).toMatch(addresses);
  });
});

describe('memory', () => {
  // a worker sees what the caller has grown, and a borrowed memory what its owner has; the decoder has one of its own
  const owners = ['src/wasm/memory.ts', 'src/wasm/borrowed.ts', 'src/wasm/decode.ts', 'src/worker.ts'];
  it.each([...sourceFiles('src')].filter((path) => !owners.includes(path)))(
    '%s neither grows it nor keeps a view',
    (path) => {
      expect(codeOf(path)).not.toMatch(/memory\.buffer|\.grow\(/);
    },
  );
});
