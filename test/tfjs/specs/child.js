// One process: the bundle of specs under jasmine. What became of each goes to the parent.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const jasmineRequire = require('jasmine-core');
const jasmine = jasmineRequire.boot(jasmineRequire);
const [, , bundle] = process.argv;

/** @type {Record<string, string>} */
const results = {};
jasmine.getEnv().configure({ random: false, failSpecWithNoExpectations: false });
jasmine.getEnv().addReporter({
  /** @param {{ fullName: string, status: string, failedExpectations: { message: string }[] }} spec */
  specDone({ fullName, status, failedExpectations }) {
    // flags of the environment differ from run to run
    const plain = fullName.replace(/ \{"[^}]*\}/g, '');
    // some names stand twice
    const name = plain in results ? `${plain} (again)` : plain;
    results[name] = status === 'failed' ? (failedExpectations[0]?.message ?? 'failed') : status;
  },
});
require(bundle);
await new Promise((resolve) => jasmine.getEnv().execute(null, resolve));
process.send?.(results, () => process.exit());
