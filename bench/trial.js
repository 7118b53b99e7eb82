import { operandsOf } from './data.js';
import { peakRate } from './loops.js';
import { race } from './measure.js';
import { isProduct, product, shapesOf, workOf } from './problem.js';
import { errorsOf, sample } from './reference.js';
import { exportFor, prepare } from './stridewise.js';

/**
 * One problem in every way the bench was asked to run it.
 *
 * @typedef {import('./problem.js').Problem} Problem
 * @typedef {import('./loops.js').Build} Build
 * @typedef {import('./measure.js').Timing} Timing
 * @typedef {import('./measure.js').Candidate} Candidate
 * @typedef {{ build: Build } & import('./stridewise.js').Setup} Setup
 *
 * @typedef {object} Trial
 * @property {Setup} setup
 * @property {import('./stridewise.js').Subject} [subject]
 * @property {import('./reference.js').Errors} [errors]
 * @property {string} [missing] Name of an export that is not in the package.
 * @property {string} [refused] Why the algorithm insisted on does not serve the problem.
 * @property {string} [failure]
 */

/**
 * Prepares every setup of a problem and compares its result with the definition.
 * @param {Problem} problem @param {Setup[]} setups @param {Map<Build, import('./stridewise.js').Api>} apis
 * @returns {Trial[]}
 */
export function check(problem, setups, apis) {
  const missing = exportFor(problem, setups[0]);
  if (typeof apis.get(setups[0].build)?.[missing] !== 'function') return [{ setup: setups[0], missing }];
  const operands = operandsOf(problem);
  const samples = sample(problem, operands);
  return distinct(problem, setups).map((setup) => {
    if (setup.algorithm && !hasTable(problem)) return { setup, refused: 'this operator has no table of algorithms' };
    let subject;
    try {
      subject = prepare(apis.get(setup.build) ?? {}, problem, operands, setup);
      return { setup, subject, errors: errorsOf(subject.read(), samples) };
    } catch (error) {
      subject?.dispose();
      const message = error instanceof Error ? error.message : String(error);
      const isRefusal =
        setup.algorithm !== undefined && error instanceof Error && 'code' in error && error.code === 'UNSUPPORTED';
      return isRefusal ? { setup, refused: message } : { setup, failure: message };
    }
  });
}

/** @param {Problem} problem */
const hasTable = ({ operator }) => ['conv', 'convT', 'gradX', 'gradW'].includes(operator);

/** A problem may fix the layout, and a matrix has none. @param {Problem} problem @param {Setup[]} setups */
function distinct(problem, setups) {
  const layout = isProduct(problem) ? setups[0].layout : problem.nhwc ? 'NHWC' : undefined;
  return layout ? setups.filter((setup) => setup.layout === layout) : setups;
}

/**
 * Times what passed, in turns with the peak loops.
 * @param {Trial[]} trials @param {Map<Build, Candidate[]>} peaks @param {number} repetitions
 * @param {Candidate} [reader] A loop that only reads what has to be read.
 * @returns {Promise<{ timings: Map<object, Timing>, peakRates: Map<Build, number>, reading?: Timing }>}
 */
export async function time(trials, peaks, repetitions, reader) {
  /** @type {Map<object, Candidate>} */
  const candidates = new Map();
  for (const loops of peaks.values()) for (const loop of loops) candidates.set(loop, loop);
  if (reader) candidates.set(reader, reader);
  for (const trial of trials) if (trial.subject) candidates.set(trial, trial.subject);
  const timings = await race(candidates, { repetitions });
  const peakRates = new Map();
  for (const [build, loops] of peaks) peakRates.set(build, peakRate(loops.flatMap((loop) => timings.get(loop) ?? [])));
  return { timings, peakRates, reading: reader && timings.get(reader) };
}

/**
 * The figures of one trial. @param {Problem} problem @param {Trial} trial @param {Awaited<ReturnType<typeof time>> |
 * undefined} timed
 */
export function figures(problem, trial, timed) {
  const { amount, unit } = workOf(problem);
  const { operands, result } = shapesOf(problem);
  const bytes = (/** @type {(readonly number[])[]} */ shapes) =>
    4 * shapes.reduce((sum, shape) => sum + product(shape), 0);
  // what stands in an arena is not copied
  const copies = trial.setup.memory === 'arena' ? bytes([operands[0], result]) : 0;
  const workspaceBytes = trial.subject?.workspaceBytes;
  const timing = timed?.timings.get(trial);
  const peakGflops = timed?.peakRates.get(trial.setup.build);
  const rate = timing && amount / timing.median / 1e6;
  return {
    missing: trial.missing,
    refused: trial.refused,
    failure: trial.failure,
    chosen: trial.subject?.algorithm,
    medianMs: timing?.median,
    bestMs: timing?.best,
    rate,
    bestRate: timing && amount / timing.best / 1e6,
    unit,
    peakGflops,
    ofPeak: rate && peakGflops && unit === 'GFLOP/s' ? rate / peakGflops : undefined,
    ofRead: timing && timed?.reading && timed.reading.median / timing.median,
    errorMax: trial.errors?.max,
    errorMean: trial.errors?.mean,
    workspaceRatio: workspaceBytes === undefined ? undefined : (workspaceBytes - copies) / bytes([...operands, result]),
  };
}
