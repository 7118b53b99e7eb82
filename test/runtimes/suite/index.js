import { calls, gaps } from './calls.js';
import cases from './cases.js';
import { errors } from './errors.js';
import { equal, rejects, throws } from './expect.js';
import { lifetimes } from './lifetimes.js';
import { pure } from './pure.js';

const ones = (...shape) => ({
  data: new Float32Array(shape.reduce((product, extent) => product * extent, 1)).fill(1),
  shape,
});

async function count(tests) {
  const failures = [];
  for (const { title, run } of tests) {
    try {
      await run();
    } catch (error) {
      failures.push(`${title}: ${error?.name} ${error?.message}`);
    }
  }
  return { tests: tests.length, failures };
}

/** Before anything else: the first call starts the kernels by itself, or says that they must be fetched. */
const first = (api, needsInit) => ({
  title: needsInit ? 'before init() the first call says that it is needed' : 'the first call needs nothing before it',
  run() {
    equal(api.memoryUsage(), { used: 0, kept: 0, reserved: 0 }, 'memory before the first call');
    const call = () => api.conv2d(ones(1, 1, 3, 3), ones(1, 1, 3, 3));
    if (needsInit) throws(call, api.UnsupportedError, /await init\(\)/);
    else equal([...call().data], [9]);
  },
});

/** The smallest module there is; nothing where the host refuses to compile bytes. */
async function foreign() {
  try {
    return await WebAssembly.compile(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
  } catch {
    return undefined;
  }
}

/** A build from elsewhere, in place of those the entry has. */
const given = (api, module) => ({
  title: 'init takes a compiled module',
  async run() {
    const { build, fused } = await api.init({ module: await module() });
    equal([build, fused], ['custom', false]);
    equal([...api.conv2d(ones(1, 2, 3, 3), ones(1, 2, 3, 3)).data], [18]);
    const other = await foreign();
    if (other) await rejects(api.init({ module: other }), api.OptionError, /module/);
    equal(api.features().build, 'custom');
  },
});

/** An entry with threads has them all. */
const teamwork = (api, { threads }) => ({
  title: `${threads} threads work`,
  run: () => equal(api.features().threads, threads, api.features().threadsReason),
});

/** One entry of the package in one mode. `settings`: options of its `init`. */
async function run(name, api, simd, settings) {
  const { build, reason, fused } = await api.init({ simd, ...settings });
  const operators = calls(api, cases);
  const team = settings?.threads ? [teamwork(api, settings)] : [];
  const counted = await count([...team, ...operators.tests, ...lifetimes(api), ...errors(api)]);
  return { entry: name, simd, build, reason, fused, ...counted, digest: `${operators.digest}` };
}

/**
 * The whole suite, in any host: every operator on exact cases and on reals, handles, arenas, errors, and what the
 * package says of itself.
 *
 * @param entries name and exports of each entry that holds the whole API; those of `stridewise/url` need `init` before
 * the first call
 * @param pures exports of `stridewise/arithmetic` and `stridewise/matrix`
 * @param module compiles or finds the strict build, for `init({ module })`
 * @param more tests of this host alone
 * @param settings options of `init`, by the name of the entry
 * @returns runs, one for each entry and mode, with failures as text, and operators that cases and package do not share
 */
export async function suite(entries, pures, module, more = [], settings = {}) {
  const runs = [];
  const before = performance.now();
  const [[, main]] = Object.entries(entries);
  const firsts = await count([first(main, false)]);
  const firstResult = performance.now() - before;
  for (const [name, api] of Object.entries(entries)) {
    const start = api === main ? firsts : await count([first(api, name === 'stridewise/url')]);
    for (const simd of ['auto', 'strict']) runs.push(await run(name, api, simd, settings[name]));
    const rest = await count([given(api, module)]);
    const last = runs.at(-1);
    last.tests += start.tests + rest.tests;
    last.failures.push(...start.failures, ...rest.failures);
  }
  const others = await count([...pure(...pures), ...more]);
  runs[0].tests += others.tests;
  runs[0].failures.push(...others.failures);
  return { runs, firstResult, ...gaps(main, cases) };
}
