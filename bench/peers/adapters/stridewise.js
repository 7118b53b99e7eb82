import { readFileSync } from 'node:fs';
import { openThreads } from '../../open.js';
import { exportFor, prepare } from '../../stridewise.js';

/** @typedef {import('./index.js').Adapter} Adapter */
/** @typedef {import('../../stridewise.js').Setup} Setup */

const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));

/**
 * The package itself, in the ways it can be called; one of each layout is judged.
 * @param {'auto' | 'strict' | 'relaxed'} build @param {number} threads
 * @returns {Adapter[]}
 */
export function stridewise(build, threads) {
  /** @type {ReturnType<typeof openBuild> | undefined} */
  let opened;
  const api = () => (opened ??= openThreads(build, threads));
  const where = 'weights packed beforehand where there is a prepare function';
  const includes = `call; operands and result in wasm memory, ${where}; channels last`;
  return [
    { ...own('stridewise', includes, { layout: 'NHWC', memory: 'arena' }, api), judges: 'NHWC' },
    {
      ...own('… nchw', 'as stridewise, channels first, with its conversions', { layout: 'NCHW', memory: 'arena' }, api),
      judges: 'NCHW',
    },
    own(
      '… copied',
      'as stridewise, with input and output copies from and to JavaScript arrays',
      { layout: 'NHWC', memory: 'heap' },
      api,
    ),
  ];
}

/**
 * @param {string} name @param {string} includes @param {Setup} setup @param {() =>
 * Promise<import('../../stridewise.js').Api>} load @returns {Adapter}
 */
function own(name, includes, setup, load) {
  return {
    name,
    role: 'own',
    includes,
    async open() {
      const api = await load();
      return {
        version: `${version}, ${api.features().build} build`,
        async prepare(problem, operands) {
          // The round trip is a call with its copies, in every library.
          const here = problem.operator === 'identity' ? { ...setup, memory: /** @type {const} */ ('heap') } : setup;
          const needed = [exportFor(problem, here), ...(here.memory === 'arena' ? ['arena'] : [])];
          return needed.every((export_) => typeof api[export_] === 'function')
            ? prepare(api, problem, operands, here)
            : null;
        },
      };
    },
  };
}
