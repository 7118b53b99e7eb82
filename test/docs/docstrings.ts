// The docstrings of what the entries export.

import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type * as TypeScript from 'typescript';
import { root } from './documents.js';

const ts: typeof TypeScript = createRequire(import.meta.url)('typescript');

export interface Documented {
  readonly name: string;
  /** Its file, from the package's folder. */
  readonly file: string;
  /** Without the marks of a comment; examples stand apart. */
  readonly text: string;
  readonly examples: readonly string[];
}

const path = (file: string) => fileURLToPath(new URL(file, root));

/** Options of the package itself, for files that import its sources. */
const options = (): TypeScript.CompilerOptions => {
  const { config } = ts.readConfigFile(path('tsconfig.json'), ts.sys.readFile);
  return { ...ts.parseJsonConfigFileContent(config, ts.sys, path('.')).options, noEmit: true };
};

/** The comment before a declaration, without its marks. */
function commentOf(declaration: TypeScript.Declaration): string {
  const node = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
  const { text } = node.getSourceFile();
  const last = ts.getLeadingCommentRanges(text, node.getFullStart())?.at(-1);
  if (!last) return '';
  return text
    .slice(last.pos, last.end)
    .replace(/^\/\*\*|\*\/$/g, '')
    .replace(/^ *\* ?/gm, '')
    .trim();
}

/** The functions that an entry exports, a file of src; `host` is there for other entries. */
export function functionsOf(entry: string): Documented[] {
  const program = ts.createProgram([path(`src/${entry}.ts`)], options());
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(path(`src/${entry}.ts`))!)!;
  return checker.getExportsOfModule(module).flatMap((exported) => {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    const declaration = symbol.declarations?.[0];
    const isFunction =
      symbol.flags & ts.SymbolFlags.Value && checker.getTypeOfSymbol(symbol).getCallSignatures().length;
    if (!isFunction || !declaration || exported.name === 'host') return [];
    const [text, ...examples] = commentOf(declaration).split(/^@example ?/m);
    const file = declaration.getSourceFile().fileName.slice(path('.').length);
    return [{ name: exported.name, file, text, examples: examples.map((example) => example.trim()) }];
  });
}

/** What the compiler finds wrong with a program that stands in test/docs. */
export function typeErrors(code: string): string[] {
  const file = path('test/docs/examples-of-docstrings.ts');
  const host = ts.createCompilerHost(options());
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => name === file || fileExists(name);
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, code, ts.ScriptTarget.ES2022) : getSourceFile(name, ...rest);
  const program = ts.createProgram(
    [file],
    { ...options(), rootDir: path('.'), lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'] },
    host,
  );
  return ts
    .getPreEmitDiagnostics(program)
    .filter((found) => found.file?.fileName === file)
    .map(({ messageText, start = 0 }) => {
      const line = code.slice(0, start).split('\n').length;
      return `${code.split('\n')[line - 1]}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    });
}
