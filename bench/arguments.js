import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parseProblem } from './problem.js';

/**
 * Command lines of the benches. An option that may go without a value, such as `--json [FILE]`, takes the next word
 * only if it ends in the suffix given for it.
 * @template {NonNullable<import('node:util').ParseArgsConfig['options']>} T
 * @param {T} options @param {Record<string, string>} optional Suffix of the value, by option.
 * @returns {ReturnType<typeof parseArgs<{ options: T, allowPositionals: true }>>}
 */
export function readArguments(options, optional) {
  const words = [];
  const given = process.argv.slice(2);
  for (let i = 0; i < given.length; i++) {
    const suffix = optional[given[i].slice(2)];
    const takesNext = suffix !== undefined && given[i + 1]?.endsWith(suffix);
    words.push(suffix === undefined ? given[i] : `${given[i]}=${takesNext ? given[++i] : '-'}`);
  }
  return parseArgs({ args: words, options, allowPositionals: true });
}

/**
 * Problems to run: those named, else the list; `filter` keeps what matches in title or problem string.
 * @param {string[]} named @param {readonly (readonly [string, string])[]} list @param {string | undefined} filter
 * @param {boolean} [mayBeNone] Else an Error says that nothing matches.
 */
export function selectProblems(named, list, filter, mayBeNone = false) {
  const pairs = named.length > 0 ? named.map((text) => /** @type {const} */ ([text, text])) : list;
  const pattern = filter === undefined ? undefined : new RegExp(filter, 'i');
  const selected = pairs
    .filter(([title, text]) => !pattern || pattern.test(title) || pattern.test(text))
    .map(([title, text]) => ({ title, problem: parseProblem(text) }));
  if (selected.length === 0 && !mayBeNone) throw new Error(`no case matches ${filter}`);
  return selected;
}

/**
 * The lists named, one after the other. @param {string} names @param {Record<string, readonly (readonly [string,
 * string])[]>} lists
 */
export function listed(names, lists) {
  return names.split(',').flatMap((name) => {
    if (!Object.hasOwn(lists, name)) throw new Error(`--list ${name}: expected ${Object.keys(lists).join(', ')}`);
    return lists[name];
  });
}

/** @param {string} name @param {string} text */
export function wholeNumber(name, text) {
  const number = Number(text);
  if (!(Number.isInteger(number) && number >= 1)) throw new Error(`--${name} ${text}: expected a whole number from 1`);
  return number;
}

/**
 * One of the words allowed. @template {string} T @param {string} name @param {string} value @param {readonly T[]}
 * allowed @returns {T}
 */
export function choice(name, value, allowed) {
  const found = allowed.find((word) => word.toLowerCase() === value.toLowerCase());
  if (!found) throw new Error(`--${name} ${value}: expected one of ${allowed.join(', ')}`);
  return found;
}

/**
 * One of two words, or `both`. @template {string} T @param {string} name @param {string} value @param {readonly T[]}
 * allowed @returns {T[]}
 */
export function choices(name, value, allowed) {
  return value === 'both' ? [...allowed] : [choice(name, value, allowed)];
}

/** To a file, or to standard output for `-`. @param {string} file @param {unknown} content */
export function writeJson(file, content) {
  const text = `${JSON.stringify(content, null, 2)}\n`;
  if (file === '-') process.stdout.write(text);
  else writeFileSync(file, text);
}
