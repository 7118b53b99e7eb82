import { check, Digest, decode } from './values.js';

const numbers = (value) => JSON.stringify(value, (_, v) => (ArrayBuffer.isView(v) ? Array.from(v, String) : v));

/**
 * One call, through the function and through its handle, as a test: the results of the definition, and operands as they
 * were.
 */
function call(api, { name, args, results, handle }, digest) {
  const given = decode(args);
  const result = api[name](...given);
  check(result, results);
  if (numbers(given) !== numbers(decode(args))) throw new Error('an operand has changed');
  digest.add(result);
  if (!handle || !(handle.name in api)) return;
  const layer = api[handle.name](...decode(handle.prepare));
  try {
    const first = layer.run(...decode(handle.run));
    check(first, results);
    check(layer.run(...decode(handle.run)), results);
  } finally {
    layer.dispose();
  }
}

/** Tests of every operator that the package has; `digest` gathers the bits of the plain calls. */
export function calls(api, cases) {
  const digest = new Digest();
  const tests = cases
    .filter(({ name }) => name in api)
    .map((entry) => ({ title: entry.title, run: () => call(api, entry, digest) }));
  return { tests, digest };
}

/** What is neither an operator nor made for one. */
const OTHERS = ['arena', 'features', 'host', 'init', 'linearAsConv', 'memoryUsage', 'tensor'];

/** Operators in the cases that the package does not have, and functions of the package that no case calls. */
export function gaps(api, cases) {
  const called = new Set(cases.flatMap(({ name, handle }) => (handle ? [name, handle.name] : [name])));
  const functions = Object.keys(api).filter((name) => typeof api[name] === 'function' && !/Error$/.test(name));
  return {
    missing: [...called].filter((name) => !(name in api)),
    untested: functions.filter((name) => !called.has(name) && !OTHERS.includes(name)),
  };
}
