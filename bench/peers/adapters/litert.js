import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { compileFunction } from 'node:vm';
import { planOf } from '../models/tflite-plan.js';

/** @typedef {import('./index.js').Adapter} Adapter */
/** @typedef {import('../models/tflite-plan.js').Plan} Plan */

const includes = 'call and output allocation; tensors in its wasm memory, weights packed at compilation; channels last';

/** @type {Adapter} */
export const litertRelaxed = {
  name: 'litert',
  role: 'peer',
  includes: `${includes}; its relaxed SIMD build`,
  open: () => open('litert_wasm_internal.js'),
};

/** @type {Adapter} */
export const litertCompatible = {
  name: 'litert-compat',
  role: 'peer',
  includes: `${includes}; its build without relaxed SIMD`,
  open: () => open('litert_wasm_compat_internal.js'),
};

/** @param {number} threads @returns {Adapter} */
export const litertThreaded = (threads) => ({
  name: 'litert',
  role: 'peer',
  includes: `${includes}; its threaded build, with relaxed SIMD`,
  open: () => open('litert_wasm_threaded_internal.js', threads),
});

const require = createRequire(import.meta.url);

/**
 * It loads its glue by a script tag; here the glue is evaluated as the CommonJS module it also is. Its workers load it
 * again, from a copy that Node takes for one, too. @param {string} file
 */
function runScript(file) {
  const folder = mkdtempSync(join(tmpdir(), 'stridewise-litert-'));
  process.once('exit', () => rmSync(folder, { recursive: true }));
  const copy = join(folder, 'glue.cjs');
  copyFileSync(file, copy);
  const module = { exports: {} };
  const names = ['require', 'module', 'exports', '__dirname', '__filename'];
  compileFunction(readFileSync(file, 'utf8'), names, { filename: file })(
    require,
    module,
    module.exports,
    dirname(file),
    copy,
  );
  Object.assign(globalThis, { ModuleFactory: module.exports });
}

/**
 * Runs a loader in the surroundings it expects, and keeps its greetings off the terminal: the glue binds the console's
 * functions when it is loaded.
 * @template T @param {() => Promise<T>} load @returns {Promise<T>}
 */
async function asInBrowser(load) {
  const { log, warn, error } = console;
  const own = Object.getOwnPropertyDescriptors(globalThis);
  const quiet = (/** @type {unknown[]} */ ...words) => {
    if (/^ERROR/.test(String(words[0]))) error(...words);
  };
  Object.assign(globalThis, { self: globalThis, importScripts: runScript });
  Object.assign(console, { log: quiet, warn: quiet, error: quiet });
  try {
    return await load();
  } finally {
    Object.assign(console, { log, warn, error });
    for (const name of ['self', 'importScripts']) {
      Reflect.deleteProperty(globalThis, name);
      if (own[name]) Object.defineProperty(globalThis, name, own[name]);
    }
  }
}

/** @param {string} glue @param {number} [threads] @returns {Promise<import('./index.js').Engine>} */
async function open(glue, threads = 1) {
  const entry = require.resolve('@litertjs/core');
  const { version } = JSON.parse(readFileSync(join(dirname(entry), '../package.json'), 'utf8'));
  // One instance of the library per build: it keeps its runtime in module state.
  const litert = await import(`${import.meta.resolve('@litertjs/core')}?${glue}`);
  const runtime = await asInBrowser(() => litert.loadLiteRt(join(dirname(entry), '../wasm', glue)));
  return {
    version,
    async prepare(problem, operands) {
      const plan = planOf(problem, operands);
      if (!plan) return null;
      const model = await runtime.loadAndCompile(plan.model, {
        accelerator: 'wasm',
        cpuOptions: { numThreads: threads },
      });
      return problem.operator === 'identity' ? roundTrip(litert, model, plan) : inMemory(litert, model, plan);
    },
  };
}

/** @param {any} litert @param {any} model @param {Plan} plan @returns {import('./index.js').Prepared} */
function inMemory(litert, model, { inputs, toFirst }) {
  const tensors = inputs.map(({ data, shape }) => new litert.Tensor(data, shape));
  return {
    async run() {
      const [y] = await model.run(tensors);
      y.delete();
    },
    async read() {
      const [y] = await model.run(tensors);
      const data = y.toTypedArray();
      y.delete();
      return toFirst(data);
    },
    dispose() {
      for (const tensor of tensors) tensor.delete();
      model.delete();
    },
  };
}

/**
 * The call with its copies: from a typed array to a typed array. @param {any} litert @param {any} model @param {Plan}
 * plan @returns {import('./index.js').Prepared}
 */
function roundTrip(litert, model, { inputs: [{ data, shape }], toFirst }) {
  const call = async () => {
    const x = new litert.Tensor(data, shape);
    const [y] = await model.run([x]);
    const copy = y.toTypedArray();
    x.delete();
    y.delete();
    return copy;
  };
  return { run: call, read: async () => toFirst(await call()), dispose: () => model.delete() };
}
