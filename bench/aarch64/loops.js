// The innermost loops of a WebAssembly module as V8 compiles them for aarch64, and what models of processors say of them.
import { spawnSync } from 'node:child_process';

/** Names that LLVM has for its models. Its model of apple-m1 is that of an older core, Cyclone. */
export const MODELS = ['apple-m1', 'neoverse-v1', 'neoverse-n1', 'cortex-a76', 'cortex-a55'];

const ROUNDS = 200;
const isBranch = (text) => /^(b|b\.\w+|cbn?z|tbn?z) /.test(text);

/** V8 prints the register whose lane multiplies without its highest bit, v1 for v17; the instruction's word holds it. */
const mend = (word, line) =>
  line.replace(/^(fmul .*, v)\d+(\.[sd]\[\d\])$/, (_, before, lane) => before + ((word >>> 16) & 31) + lane);

/**
 * The machine code of each function: its index, and [address, instruction] in order. Nothing is inlined: V8 would not
 * inline functions of this size with what it knows of calls when it runs, but does without.
 */
function functions(node, file) {
  const program = `new WebAssembly.Module(require('fs').readFileSync(${JSON.stringify(file)}))`;
  const flags = ['--no-liftoff', '--no-wasm-inlining', '--no-wasm-lazy-compilation', '--print-wasm-code'];
  const { stdout } = spawnSync(node, [...flags, '-e', program], { encoding: 'utf8', maxBuffer: 2 ** 30 });
  return stdout.split('--- WebAssembly code ---').flatMap((text) => {
    const index = /^name: wasm-function\[(\d+)\]/m.exec(text)?.[1];
    const lines = [...text.matchAll(/^0x([0-9a-f]+) +[0-9a-f]+ +([0-9a-f]{8}) +(.*)$/gm)];
    const number = (hex) => Number.parseInt(hex, 16);
    return index
      ? [{ index, code: lines.map(([, address, word, line]) => [number(address), mend(number(word), line.trim())]) }]
      : [];
  });
}

/**
 * Instructions of the loops that hold no other one: from the target of a branch backwards to the branch. V8 repeats a
 * short body up to four times in a turn; more branches than that are something else.
 */
function innermost(code) {
  const at = new Map(code.map(([address], i) => [address, i]));
  const loops = code.flatMap(([, text], end) => {
    const target = isBranch(text) && /\(addr 0x([0-9a-f]+)\)/.exec(text)?.[1];
    const begin = target ? at.get(Number.parseInt(target, 16)) : undefined;
    return begin !== undefined && begin <= end ? [{ begin, end }] : [];
  });
  const inner = loops.filter((loop) =>
    loops.every((other) => other === loop || other.begin < loop.begin || other.end > loop.end),
  );
  const bodies = inner.map(({ begin, end }) => code.slice(begin, end + 1).map(([, line]) => line));
  // what calls is where V8 leaves a loop for the engine
  return bodies.filter((body) => body.filter(isBranch).length <= 9 && !body.some((text) => /^blr? /.test(text)));
}

/**
 * A write of w20 clears the rest of x20. LLVM's models take it for a part and wait for what x20 held before: a sum of
 * whole registers takes the same time and no such wait.
 */
const whole = (text) => (/^(add|sub|cmp|ldr) (?!.*[us]xtw)/.test(text) ? text.replace(/\bw(\d+)/g, 'x$1') : text);

/** As LLVM reads it: no remarks, decimal numbers, its names of registers, and no branches, which it does not model. */
const assembly = (body) =>
  body
    .filter((text) => !isBranch(text) && text !== 'nop')
    .map((text) => whole(text.replace(/ \(.*\)/, '').replace(/\bcp\b/g, 'x27')))
    .map((text) => text.replace(/#(-?)0x([0-9a-f]+)/g, (_, sign, digits) => `#${sign}${Number.parseInt(digits, 16)}`))
    .join('\n');

/** Cycles of a turn in steady state: of the core alone, with every load in the first cache. */
function cycles(body, model) {
  const args = ['-mtriple=aarch64', `-mcpu=${model}`, `-iterations=${ROUNDS}`];
  const { stdout, stderr } = spawnSync('llvm-mca-16', args, { input: assembly(body), encoding: 'utf8' });
  const total = /Total Cycles:\s+(\d+)/.exec(stdout)?.[1];
  if (!total || /error/.test(stderr)) throw new Error(`llvm-mca ${model}: ${stderr || stdout}`);
  return Number(total) / ROUNDS;
}

/**
 * Loops of at least eight vector multiply-adds, fused or not. `rates`: multiply-adds of four lanes a cycle, by model.
 * `stack`: instructions that refer to the stack, so values that did not fit into registers.
 */
export function loopsOf(node, file) {
  return functions(node, file).flatMap(({ index, code }) =>
    innermost(code).flatMap((body) => {
      const count = (pattern) => body.filter((text) => pattern.test(text)).length;
      const products = count(/^fml[as] v/) + count(/^fmul v/);
      if (products < 8) return [];
      const rates = MODELS.map((model) => products / cycles(body, model));
      const stack = count(/\[(sp|fp)/);
      return [{ index, products, instructions: body.length, loads: count(/^ld/), stack, rates }];
    }),
  );
}
