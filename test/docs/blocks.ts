// The code in the documentation: blocks fenced as js or ts, each a program of its own.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface Block {
  /** Line of the page that its first line is. */
  readonly line: number;
  readonly code: string;
}

/** The blocks of a page that are fenced as exactly `js` or `ts`. */
export function blocksOf(page: string): Block[] {
  return [...page.matchAll(/^```(?:js|ts)\n(.*?)^```$/gms)].map((match) => ({
    line: page.slice(0, match.index).split('\n').length + 1,
    code: match[1],
  }));
}

/** What a block printed, and what the page says beside the call. */
export interface Print {
  readonly line: number;
  readonly printed: string;
  readonly promised: string;
}

/** Calls that print, alone on their line. */
const CALL = /^(\s*)console\.log\((.*)\);(?: \/\/ (.*))?$/;
const MARK = '\u0001';

/**
 * Runs a block in a process of its own, as a program in the package's folder. @throws Error with its message when it
 * fails
 */
export async function run({ code, line: first }: Block): Promise<Print[]> {
  const lines = code.split('\n');
  // Every print is headed by the number of its line in the block.
  const marked = lines.map((line, i) => line.replace(CALL, `$1console.log('${MARK}${i}', $2);`)).join('\n');
  const { outputText } = transpileModule(marked, {
    compilerOptions: { module: ModuleKind.ESNext, target: ScriptTarget.ES2022, verbatimModuleSyntax: true },
  });
  const stdout = await new Promise<string>((resolve, reject) => {
    const args = ['--input-type=module', '-e', outputText];
    execFile(process.execPath, args, { cwd: root }, (error, stdout, stderr) =>
      error ? reject(new Error(stderr)) : resolve(stdout),
    );
  });
  return stdout
    .split(MARK)
    .slice(1)
    .map((text) => {
      const [, number, printed] = /^(\d+) (.*)$/s.exec(text.trimEnd()) as RegExpExecArray;
      return { line: first + Number(number), printed, promised: CALL.exec(lines[Number(number)])?.[3] ?? '' };
    });
}

/** Numbers and truth values of a text; the length that a typed array is printed with is none of them. */
const valuesOf = (text: string) =>
  text.replace(/\w+Array\(\d+\)/g, '').match(/-?\b\d+(?:\.\d+)?(?:e[+-]?\d+)?\b|\btrue\b|\bfalse\b/g) ?? [];

/**
 * Whether a comment fits what was printed: its numbers and truth values appear there in a row. One word alone is what
 * is printed; a comment without values promises nothing.
 */
export function holds({ printed, promised }: Print): boolean {
  const [found, expected] = [valuesOf(printed), valuesOf(promised)];
  if (expected.length === 0) return /\s/.test(promised) || promised === '' || promised === printed;
  return found.some((_, at) =>
    expected.every((value, i) => Number(value) === Number(found[at + i]) || value === found[at + i]),
  );
}
