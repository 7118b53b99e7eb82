import { describe, expect, it } from 'vitest';
import { compile } from '../../assembly/compile.mjs';
import * as boundary from '../../src/wasm/boundary.js';

/** What the build writes for an AssemblyScript index.ts. */
async function boundaryOf(text: string, other = ''): Promise<string> {
  const files: Record<string, string> = { 'assembly/index.ts': text, 'assembly/other.ts': other };
  const io = { readFile: (name: string) => files[name] ?? null, writeFile() {}, stderr: { write() {} } };
  return (await compile(['assembly/index.ts', '--runtime', 'stub', '--outFile', 'a.wasm'], io)).boundary;
}

const record = (fields: string, name = 'Two') => `@unmanaged export class ${name} { ${fields} }\n`;
const using = (...names: string[]) => `export function use(${names.map((name, i) => `p${i}: ${name}`)}): void {}\n`;

describe('the boundary', () => {
  it('has the signature of every export, with the names of its operands', async () => {
    const text = await boundaryOf(`
      /** Adds. */
      export function add(to: usize, factor: f32, count: i32): bool { return count > 0; }
      export function nothing(): void {}`);
    expect(text).toContain('/** Adds. */\nadd(to: usize, factor: f32, count: i32): bool;');
    expect(text).toContain('nothing(): void;');
  });

  it('lists the fields of records as they lie in memory, and passes records by address', async () => {
    const both = async (fields: string) => boundaryOf(record(fields) + using('Two'));
    const text = await both('a: i32; lo: f32;');
    expect(text).toContain("export const TWO = ['a', 'lo'] as const;\nexport const TWO_BYTES = 8;");
    expect(text).toContain("isFloat = (field: string): boolean => field === 'lo'");
    expect(text).toContain("use(p0: At<'Two'>): void;");
    expect(await both('lo: f32; next: Two; a: i32;')).toContain(
      "export const TWO = ['lo', 'next', 'a'] as const;\nexport const TWO_BYTES = 12;",
    );
    expect(await both('a: f64; b: f64;')).toContain('export const TWO_BYTES = 16;');
  });

  it('has the exported constants of every file, folded', async () => {
    const other =
      'const HIDDEN: i32 = 8;\n/** Rows. */\nexport const ROWS: i32 = HIDDEN * 3;\nexport const MIX: usize = ROWS << 1;';
    const text = await boundaryOf('import { MIX } from "./other"; export function mix(): usize { return MIX; }', other);
    expect(text).toContain('/** Rows. */\nexport const ROWS = 24;\nexport const MIX = 48;');
    expect(text).not.toContain('HIDDEN');
  });

  it('has the constants that the compiler writes in place of their names', async () => {
    const other = '/** Rows. */\n@inline export const ROWS: i32 = -3;\n@inline export const STEP: usize = 8;\n';
    const text = await boundaryOf(
      'import { STEP } from "./other"; export function step(): usize { return STEP; }',
      other,
    );
    expect(text).toContain('isFloat = (field: string): boolean => false;');
    expect(text).toContain('/** Rows. */\nexport const ROWS = -3;\nexport const STEP = 8;');
  });

  it.each([
    ['words of two sizes', record('a: i32; b: f64;') + using('Two'), /Two is not a run of words/],
    ['words of 16 bits', record('a: i16; b: i16;') + using('Two'), /Two is not a run of words/],
    [
      'a name of two types',
      record('a: i32;') + record('a: f32;', 'One') + using('Two', 'One'),
      /the field a is f32 in one record and an integer in another/,
    ],
    ['a constant that is no integer', 'export const HALF: f32 = 0.5;', /HALF is not an integer/],
    ['one in place of its name', '@inline export const HALF: f32 = 0.5;', /HALF is not an integer/],
  ])('refuses %s', async (_, text, message) => {
    await expect(boundaryOf(text)).rejects.toThrow(message);
  });

  it('refuses two records, or constants, of one name', async () => {
    const other = `${record('a: i32;')}export const N: i32 = 1;\n`;
    const twins = `import { Two as Other } from "./other";\n${record('b: i32;')}${using('Two', 'Other')}`;
    await expect(boundaryOf(twins, other)).rejects.toThrow(/two records have the name Two/);
    const constants = 'import { N as M } from "./other";\nexport const N: i32 = M + 1;\n';
    await expect(boundaryOf(constants, other)).rejects.toThrow(/two constants have the name N/);
  });

  it('stays in agreement with what is compiled: a record of another order, or a kernel of another arity, is a type error', () => {
    // @ts-expect-error: `lo` and `hi` are the last fields of the geometry, in that order
    const order: 'hi' = boundary.GEOMETRY[40];
    // @ts-expect-error: two operands are missing
    const call = (kernels: boundary.Kernels) => kernels.multiplyAdd(0);
    expect([order, typeof call]).toEqual(['lo', 'function']);
  });
});

describe('functions marked @apart', () => {
  it('are exported while Binaryen works, and are no kernels', async () => {
    let binary: Uint8Array | undefined;
    const text = 'import { loop } from "./other";\nexport function outer(n: i32): i32 { return loop(n); }\n';
    const files: Record<string, string> = {
      'assembly/index.ts': text,
      'assembly/other.ts': '@apart export function loop(n: i32): i32 { return n * n; }\n',
    };
    const io = {
      readFile: (name: string) => files[name] ?? null,
      writeFile: (_: string, contents: Uint8Array) => {
        binary = contents;
      },
    };
    const { names } = await compile(['assembly/index.ts', '--runtime', 'stub', '--outFile', 'a.wasm'], io);
    expect(names).toEqual(['outer']);
    const exported = WebAssembly.Module.exports(new WebAssembly.Module(binary as Uint8Array<ArrayBuffer>)).map(
      ({ name }) => name,
    );
    expect(exported).toContain('loop');
  });
});
