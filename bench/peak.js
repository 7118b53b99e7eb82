import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const source = new URL('./assembly/peak.ts', import.meta.url);
const folder = new URL('../build/bench/', import.meta.url);

/**
 * Path of the loops for a build, compiled when there are none or the source is newer. @param
 * {import('./loops.js').Build} build
 */
export async function peakFile(build) {
  const file = new URL(`peak.${build}.wasm`, folder);
  if ((statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) > statSync(source).mtimeMs) return fileURLToPath(file);
  const { default: asc } = await import('assemblyscript/asc');
  const { binary, error, stderr } = await asc.compileString(readFileSync(source, 'utf8'), {
    optimizeLevel: 3,
    noAssert: true,
    runtime: 'stub',
    enable: build === 'relaxed' ? ['simd', 'relaxed-simd'] : ['simd'],
  });
  if (error || !binary)
    throw new Error(`bench/assembly/peak.ts does not compile: ${error?.message}\n${stderr.toString()}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, binary);
  return fileURLToPath(file);
}

/** @param {import('./loops.js').Build} build */
export const peakModule = async (build) => new WebAssembly.Module(new Uint8Array(readFileSync(await peakFile(build))));
