/**
 * What a bench found, as it is saved, compared and drawn, by the command line and in the browser alike.
 *
 * @typedef {object} Row One problem, run in one way.
 * @property {string} title
 * @property {string} problem
 * @property {'strict' | 'relaxed' | 'plain' | 'tfjs'} build Without the package: `plain`, loops in JavaScript, and `tfjs`,
 * TensorFlow.js on its wasm backend.
 * @property {Processor} [tune] Whose variant of the hot loops ran, where that is not the machine's own.
 * @property {number} [threads] One unless it says so.
 * @property {number} [serialMs] Of a call on several threads in which one alone works.
 * @property {number} [ratio] Of one thread's time by theirs, by the median of blocks of turns.
 * @property {'NCHW' | 'NHWC'} layout
 * @property {'arena' | 'heap'} memory
 * @property {number} [medianMs]
 * @property {number} [rate]
 * @property {'GFLOP/s' | 'GB/s'} unit
 * @property {number} [peakGflops] Of the build, measured in turns with the problem.
 * @property {number} [steadyGflops] The same over as long as a call takes, where what else the machine does shows more.
 * @property {string} [chosen] Algorithm that served.
 * @property {string} [failure]
 * @property {string} [refused]
 * @property {string} [missing]
 * @property {string} [spoilt] Why the time says nothing about the package: what else the machine did.
 *
 * @typedef {object} Peers What bench/peers/run.js found.
 * @property {string} machine
 * @property {{ name: string, role: string, version: string, includes: string }[]} libraries
 * @property {Comparison[]} comparisons
 * @property {Ratios} geometricMeans
 * @property {Total[]} stacks
 *
 * @typedef {{ title: string, problem: string, unit: string, figures: Record<string, { medianMs?: number, rate?: number,
 * note?: string }>, bestPeer?: string, ratios: Ratios }} Comparison
 * @typedef {{ name: string, milliseconds: Record<string, number | undefined>, bestPeer?: string, ratios: Ratios }}
 * Total
 * @typedef {Partial<Record<'NHWC' | 'NCHW', number>>} Ratios How many times faster than the best peer, by layout.
 *
 * @typedef {'x86' | 'arm'} Processor
 *
 * @typedef {object} Report
 * @property {typeof KIND} kind
 * @property {string} machine In words.
 * @property {Processor} [processor] Of the machine, as the package tells.
 * @property {string} [date] ISO 8601.
 * @property {string} [version] Of the package.
 * @property {number} [bandwidth] Of memory, in GB/s.
 * @property {Row[]} rows
 * @property {Peers} [peers]
 */

export const KIND = /** @type {const} */ ('stridewise-bench');

/**
 * Reads a saved report.
 * @param {string} text @returns {Report}
 * @throws {Error} in words, when it is none
 */
export function readReport(text) {
  /** @type {any} */
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error('This file holds no JSON.');
  }
  if (value?.kind !== KIND || typeof value.machine !== 'string' || !Array.isArray(value.rows))
    throw new Error('This file is no benchmark of Stridewise.');
  const isRow = (/** @type {any} */ row) =>
    ['title', 'problem', 'build', 'unit'].every((key) => typeof row?.[key] === 'string');
  if (!value.rows.every(isRow))
    throw new Error('This benchmark is damaged: it has a line without title, problem, build or unit.');
  return value;
}
