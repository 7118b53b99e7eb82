import { random } from './data.js';

/**
 * Timing on a machine that others use too. Candidates take turns, one repetition each, in one process, so that a slow
 * minute slows all of them; a repetition's time is the smaller of wall time and the process's CPU time, so that
 * preemption does not count.
 *
 * @typedef {object} Candidate
 * @property {() => unknown} run One call. A promise is awaited.
 * @property {() => unknown} [enter] Called before each repetition, outside the timing; a promise is awaited.
 *
 * @typedef {{ median: number, best: number, repetitions: number, lent: number }} Timing Milliseconds of one call.
 * `lent`: share of the turns in which the machine lent its cores.
 *
 * @typedef {(patience: number) => Promise<boolean>} Lends Whether the machine lends its cores right now, or does after
 * a wait of so many milliseconds.
 */

/** 0 where the host does not tell, as in browsers: there wall time counts. */
function cpuMilliseconds() {
  if (typeof process === 'undefined') return 0;
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Smallest step of the clock in milliseconds: browsers round it. */
function clockStep() {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 5; i++) {
    const from = performance.now();
    let to = from;
    while (to === from) to = performance.now();
    least = Math.min(least, to - from);
  }
  return least;
}

/** Milliseconds of waiting for the machine's cores before a turn. */
const PATIENCE = 1500;

/** Turns in which the machine lent its cores: from so many on the others do not count. */
const ENOUGH = 3;

/** Steps of the clock that a repetition takes at least. */
const STEPS = 50;

/** @param {Candidate} candidate @param {number} count @returns {Promise<number>} Milliseconds of `count` calls. */
async function repetition(candidate, count) {
  await candidate.enter?.();
  const cpu = cpuMilliseconds();
  const wall = performance.now();
  for (let i = 0; i < count; i++) {
    const promise = candidate.run();
    if (promise instanceof Promise) await promise;
  }
  const wallTime = performance.now() - wall;
  const cpuTime = cpuMilliseconds() - cpu;
  // A CPU clock that ticks too coarsely for a short repetition says nothing.
  return cpuTime > 0.2 ? Math.min(wallTime, cpuTime) : wallTime;
}

/**
 * Warming up ends when `quiet` repetitions in a row, for `patience` milliseconds or longer, were faster by less than
 * `gain`, between `least` and `most` milliseconds.
 *
 * @typedef {{ least: number, most: number, patience?: number }} Warm
 */
const settled = { quiet: 3, gain: 0.05 };
const patient = { least: 120, most: 1000 };

/**
 * Calls until the engine's compilers, which work behind the program's back, have nothing faster to offer.
 * @param {Candidate} candidate @param {number} milliseconds @param {Warm} warm
 * @returns {Promise<number>} Calls that fill a repetition.
 */
async function warmUp(candidate, milliseconds, { least, most, patience = 0 }) {
  const start = performance.now();
  let gained = 0;
  const spent = () => performance.now() - start;
  let count = 1;
  let quiet = 0;
  let best = Number.POSITIVE_INFINITY;
  while (spent() < most && (quiet < settled.quiet || spent() < least || spent() < gained + patience)) {
    const time = await repetition(candidate, count);
    const isLong = time >= milliseconds / 2;
    const gains = time / count <= best * (1 - settled.gain);
    quiet = isLong && !gains ? quiet + 1 : 0;
    if (gains) gained = spent();
    // a short repetition may be less than a step of the clock
    if (isLong) best = Math.min(best, time / count);
    else count *= 2;
  }
  return Math.max(1, Math.round(milliseconds / best));
}

/**
 * Another order at every turn, so that none always follows the same one: the first call after one that leaves garbage
 * took up to four times as long.
 * @template Item @param {Item[]} items @param {number} turn
 */
function shuffled(items, turn) {
  const order = [...items];
  const next = random(Math.imul(turn + 1, 0x9e3779b1));
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(((next() + 1) / 2) * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/**
 * Times all candidates in turns, each time in another order.
 * @template Name
 * @param {Map<Name, Candidate>} candidates
 * @param {object} [options]
 * @param {number} [options.repetitions] At most this many for each candidate.
 * @param {number} [options.milliseconds] Length of a repetition, at least 50 steps of the clock; a call that takes
 * longer is a repetition of its own.
 * @param {number} [options.budget] Milliseconds after which a slow candidate drops out, never before three repetitions
 * (one if a single call
 *   exceeds the budget).
 * @param {Warm} [options.warm] Milliseconds of warming up each. Code that ran before in this process needs less.
 * @param {number} [options.hopeless] A candidate that takes this many times the fastest one's time in its first
 * repetition has no other.
 * @param {number} [options.rest] Milliseconds without work before each repetition: threads that one candidate started
 * look for work on a core for a while, where the next one's would work.
 * @param {Lends} [options.lends] Asked before and after each turn: those with a no do not count where there are others.
 * @returns {Promise<Map<Name, Timing>>}
 */
export async function race(
  candidates,
  {
    repetitions = 21,
    milliseconds = 5,
    budget = 1500,
    warm = patient,
    hopeless = Number.POSITIVE_INFINITY,
    rest = 0,
    lends,
  } = {},
) {
  const length = Math.max(milliseconds, STEPS * clockStep());
  const runners = [];
  for (const [name, candidate] of candidates) {
    runners.push({
      name,
      candidate,
      count: await warmUp(candidate, length, warm),
      times: /** @type {number[]} */ ([]),
      lent: /** @type {boolean[]} */ ([]),
      spent: 0,
    });
  }
  for (let turn = 0; turn < repetitions; turn++) {
    const fastest = Math.min(...runners.map(({ times }) => times[0] ?? Number.POSITIVE_INFINITY));
    const isLent = (await lends?.(PATIENCE)) ?? true;
    for (const runner of shuffled(runners, turn)) {
      const { candidate, count, times } = runner;
      if (times[0] > hopeless * fastest) continue;
      if (runner.spent > budget && (times.length >= 3 || times[0] > budget)) continue;
      // what others left in the caches, and their garbage, is not this one's: an untimed call comes before short ones
      if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
      if (count > 1 || rest > 0) await repetition(candidate, 1);
      const time = await repetition(candidate, count);
      runner.spent += time;
      times.push(time / count);
    }
    const wasLent = isLent && ((await lends?.(0)) ?? true);
    for (const { times, lent } of runners) if (lent.length < times.length) lent.push(wasLent);
  }
  return new Map(
    runners.map(({ name, times, lent }) => [name, { ...summary(lentOf(times, lent)), lent: share(lent) }]),
  );
}

/** Those with a yes, if they are enough. @template T @param {T[]} times @param {boolean[]} lent */
function lentOf(times, lent) {
  const found = times.filter((_, i) => lent[i]);
  return found.length >= ENOUGH ? found : times;
}

/** @param {boolean[]} lent */
const share = (lent) => lent.filter(Boolean).length / lent.length;

/**
 * Sets two candidates against each other in blocks A B B A and B A A B, so that a drift of the machine slows both
 * alike, until the median of the blocks' ratios is known well enough.
 * @param {Candidate} a @param {Candidate} b
 * @param {object} [options]
 * @param {number} [options.milliseconds] Length of a repetition at least.
 * @param {number} [options.least] Blocks at least.
 * @param {number} [options.most] Blocks at most.
 * @param {number} [options.budget] Milliseconds of repetitions after which there is no other block.
 * @param {number} [options.precision] Enough is known when this is half of a 95 % interval of the median.
 * @param {Warm} [options.warm]
 * @param {Lends} [options.lends] Asked before and after each block, as by `race`.
 * @returns {Promise<{ a: number, b: number, ratio: number, lent: number }>} Medians: milliseconds of one call of each,
 *   and of a block the time of `a` by that of `b`; share of the blocks in which the machine lent its cores.
 */
export async function duel(a, b, options = {}) {
  const {
    milliseconds = 4,
    least = 6,
    most = Number.POSITIVE_INFINITY,
    budget = 1500,
    precision = 0.01,
    warm = patient,
    lends,
  } = options;
  const length = Math.max(milliseconds, STEPS * clockStep());
  const count = Math.max(await warmUp(a, length, warm), await warmUp(b, length, warm));
  const times = /** @type {[number, number][]} */ ([]);
  const lent = /** @type {boolean[]} */ ([]);
  let spent = 0;
  const ratios = () => lentOf(times, lent).map(([own, other]) => own / other);
  const isKnown = () => times.length >= least && halfWidth(ratios()) <= precision;
  while (!isKnown() && times.length < most && (times.length < 3 || spent < budget)) {
    const sums = new Map([a, b].map((candidate) => [candidate, 0]));
    const isLent = (await lends?.(PATIENCE)) ?? true;
    for (const candidate of times.length % 2 === 0 ? [a, b, b, a] : [b, a, a, b]) {
      if (count > 1) await repetition(candidate, 1);
      const time = await repetition(candidate, count);
      spent += time;
      sums.set(candidate, (sums.get(candidate) ?? 0) + time / (2 * count));
    }
    times.push([sums.get(a) ?? 0, sums.get(b) ?? 0]);
    lent.push(isLent && ((await lends?.(0)) ?? true));
  }
  const [own, other] = [0, 1].map((i) => middle(lentOf(times, lent).map((pair) => pair[i])));
  return { a: own, b: other, ratio: middle(ratios()), lent: share(lent) };
}

/**
 * @param {readonly number[]} values @param {number} [part] Of the sorted values that lie below; default: the median.
 */
export const middle = (values, part = 0.5) => [...values].sort((x, y) => x - y)[Math.floor(part * values.length)];

/**
 * Half of a 95 % interval of the median, by the quartiles: McGill, Tukey and Larsen, Variations of box plots, 1978.
 * @param {readonly number[]} values
 */
export const halfWidth = (values) => (1.57 * (middle(values, 0.75) - middle(values, 0.25))) / Math.sqrt(values.length);

/** @param {number[]} times @returns {Omit<Timing, 'lent'>} */
function summary(times) {
  const sorted = [...times].sort((a, b) => a - b);
  return { median: sorted[sorted.length >> 1], best: sorted[0], repetitions: sorted.length };
}
