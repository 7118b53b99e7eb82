// What the commands of the examples have in common: mistakes are said in one line.

import { StridewiseError } from 'stridewise';

/** Something the person at the keyboard can mend. */
export class UsageError extends Error {}

/**
 * Says in one line what goes wrong with a file.
 * @template T
 * @param {string} failure @param {() => T} action
 */
export function attempt(failure, action) {
  try {
    return action();
  } catch (error) {
    throw new UsageError(`${failure}: ${error.message}`, { cause: error });
  }
}

/**
 * Reads a command line; what is wrong with it names the command that tells more.
 * @template T
 * @param {string} command @param {() => T} read
 */
export function optionsOf(command, read) {
  try {
    return read();
  } catch (error) {
    throw new UsageError(`${error.message.split(/\.\s|\n/)[0]} (${command} -- --help lists the options)`, {
      cause: error,
    });
  }
}

/** @param {string} name @param {string} text @param {number} least @param {number} most */
export function integer(name, text, least, most) {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw new Error(`--${name} ${text}: expected an integer from ${least} to ${most}`);
  }
  return value;
}

/** @param {string} text @returns {'auto' | 'strict' | 'relaxed'} */
export function simdOf(text) {
  if (text === 'auto' || text === 'strict' || text === 'relaxed') return text;
  throw new Error(`--simd ${text}: expected auto, strict or relaxed`);
}

/** Runs a command on its arguments. @param {(args: string[]) => void | Promise<void>} main */
export async function start(main) {
  try {
    await main(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof StridewiseError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
