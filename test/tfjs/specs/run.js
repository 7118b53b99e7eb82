import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleSpecs } from './bundle.js';
import { known } from './known.js';

/**
 * What became of each spec: `'passed'`, or another word of jasmine, or what was wrong.
 * @typedef {Readonly<Record<string, string>>} Results
 */

const wasm = fileURLToPath(new URL('../node_modules/@tensorflow/tfjs-backend-wasm/dist/', import.meta.url));

const worker = new URL('../../../dist/worker.js', import.meta.url).href;

/**
 * @param {string} bundle @param {string} backend @param {number} threads of `accelerate`; 0: plain
 * @returns {Promise<Results>}
 */
const results = (bundle, backend, threads) =>
  new Promise((resolve, reject) => {
    const env = { ...process.env, SPECS: JSON.stringify({ backend, threads, wasm, worker }) };
    const child = fork(new URL('./child.js', import.meta.url), [bundle], { env });
    let found;
    child.on('message', (message) => {
      found = message;
    });
    child.on('error', reject);
    child.on('exit', (code) => (found ? resolve(found) : reject(new Error(`the specs ended with code ${code}`))));
  });

/** @param {Results} of */
const passed = (of) => Object.keys(of).filter((name) => of[name] === 'passed');

/**
 * TensorFlow.js's own specs of what is replaced, on both backends, plain and accelerated, and on its threaded file with
 * two threads: what passes plain passes accelerated, and so does what plain `wasm` lacks. Returns what is wrong, in
 * words.
 */
export async function specs() {
  const directory = mkdtempSync(join(tmpdir(), 'stridewise-'));
  const wrong = [];
  try {
    const bundle = join(directory, 'specs.cjs');
    await bundleSpecs(bundle);
    for (const backend of ['cpu', 'wasm']) {
      const [plain, ours] = await Promise.all([0, 1].map((threads) => results(bundle, backend, threads)));
      const runs = [{ what: 'accelerated', found: ours }];
      if (backend === 'wasm') runs.push({ what: 'with two threads', found: await results(bundle, backend, 2) });
      const all = Object.keys(plain);
      const counts = runs.map(({ what, found }) => `, ${what} ${passed(found).length}`).join('');
      console.log(`TensorFlow.js's specs on ${backend}: ${all.length}; plain ${passed(plain).length} pass${counts}`);
      if (all.length < 1000) wrong.push(`only ${all.length} specs were found`);
      for (const { what, found } of runs)
        for (const name of all.filter((spec) => found[spec] !== 'passed')) {
          if (backend === 'wasm' && plain[name] !== 'passed' && known.some(({ spec }) => spec.test(name))) continue;
          wrong.push(`${name}, ${what}: ${found[name]}${plain[name] === 'passed' ? ' (passes plain)' : ''}`);
        }
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  return wrong;
}
