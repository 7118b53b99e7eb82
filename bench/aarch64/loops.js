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
  return bodies.filter((body) => body.filter(isBranch).length <= 16 && !body.some((text) => /^blr? /.test(text)));
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
    .map((text) => text.replace(/^(mov[zkn] \w+, #0x[0-9a-f]{1,4})0000$/, '$1, lsl #16'))
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

/** The innermost loops of a module: the index of their function, and their instructions. */
export const loopsOf = (node, file) =>
  functions(node, file).flatMap(({ index, code }) => innermost(code).map((body) => ({ index, body })));

const count = (body, pattern) => body.filter((text) => pattern.test(text)).length;

/** `stack`: instructions that refer to the stack, so values that did not fit into registers. */
const counts = (body) => ({ instructions: body.length, stack: count(body, /\[(sp|fp)/) });

/**
 * A loop of at least eight vector multiply-adds, fused or not. `rates`: multiply-adds of four lanes a cycle, by model.
 */
export function productsOf({ index, body }) {
  const products = count(body, /^fml[as] v/) + count(body, /^fmul v/);
  if (products < 8) return [];
  const rates = MODELS.map((model) => products / cycles(body, model));
  return [{ index, amount: products, loads: count(body, /^ld/), ...counts(body), rates }];
}

/**
 * A loop that reads at least four vectors and multiplies little: pools, transforms. `rates`: vectors read a cycle, by
 * model; `bounds`: what they would be if instructions on vectors and their loads and stores were all there is.
 */
export function readsOf({ index, body }) {
  const reads = count(body, /^ldu?r q/);
  if (reads < 4 || productsOf({ index, body }).length > 0) return [];
  const vectors = body.filter((text) => /\b[qv]\d/.test(text));
  const rates = MODELS.map((model) => reads / cycles(body, model));
  const bounds = MODELS.map((model) => reads / cycles(vectors, model));
  return [{ index, amount: reads, loads: count(body, /^ld/), ...counts(body), rates, bounds }];
}
