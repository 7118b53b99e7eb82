// Times one network in a process of its own; what is asked for comes as an argument, the answer goes to standard output.
import { accelerate } from '../../dist/tfjs.js';
import { startBound } from '../bound.js';
import { race } from '../measure.js';
import { peakFile } from '../peak.js';
import { openNetwork } from './open.js';

/**
 * @typedef {object} Question
 * @property {import('./networks.js').Network} network
 * @property {'wasm' | 'cpu'} backend
 * @property {'standard' | 'high'} accuracy
 * @property {number} threads More than one in the backend wasm alone.
 * @property {number} repetitions In turns; 0 for none, which compares outputs alone.
 * @property {boolean} reference Compares with the cpu backend, too; so is what differs by more than MOST_APART.
 * @property {'plain' | 'accelerated'} [first] Only the first prediction.
 * @property {number} [decisions] Only the classes that so many pictures are put into.
 *
 * @typedef {object} Answer Times in milliseconds, differences in parts of the root mean square.
 * @property {number} [first]
 * @property {number} [plain]
 * @property {number} [accelerated]
 * @property {number} [alone] Accelerated, one thread, where there are several.
 * @property {number} [lent] Share of the turns in which the machine lent its cores, where there are several threads.
 * @property {number} [difference] Of the two.
 * @property {boolean} [isClose] Whether the two agree.
 * @property {{ plain: number, accelerated: number }} [fromCpu]
 * @property {string} [build]
 * @property {number} [decisions] Classes that were compared, and how many of them are the same.
 * @property {number} [same]
 */

/** @typedef {import('./open.js').Numbers} Numbers */

/** Largest difference of outputs that needs no other witness, in parts of their root mean square. */
const MOST_APART = 1e-3;

/** Largest difference in parts of the root mean square, in the worst output. @param {Numbers[]} a @param {Numbers[]} b */
function apart(a, b) {
  let worst = a.length === b.length ? 0 : Number.POSITIVE_INFINITY;
  for (const [i, wanted] of a.entries()) {
    if (b[i]?.length !== wanted.length) return Number.POSITIVE_INFINITY;
    let [squares, most] = [0, 0];
    for (const [j, value] of wanted.entries()) {
      squares += value * value;
      // not a number on one side alone is never close
      if (!Object.is(value, b[i][j])) most = Math.max(most, Math.abs(value - b[i][j]) || (value === b[i][j] ? 0 : 1e9));
    }
    if (most > 0) worst = Math.max(worst, most / Math.sqrt(squares / wanted.length));
  }
  return worst;
}

/** @param {Question} question @returns {Promise<Answer>} */
async function firstPrediction({ network, backend, accuracy, threads, first }) {
  const { tf, predict } = await openNetwork(network, backend, threads);
  if (first === 'accelerated') await accelerate(tf, { accuracy, threads });
  const [wall, cpu] = [performance.now(), process.cpuUsage()];
  await predict();
  const { user, system } = process.cpuUsage(cpu);
  return { first: Math.min(performance.now() - wall, (user + system) / 1000) };
}

/** Where the largest number stands. @param {Numbers} numbers */
const classOf = (numbers) => numbers.reduce((best, value, i) => (value > numbers[best] ? i : best), 0);

/** @param {Question} question @returns {Promise<Answer>} */
async function sameClasses({ network, backend, accuracy, threads, decisions }) {
  const { tf, predict } = await openNetwork(network, backend, threads);
  const classes = async () => {
    const found = [];
    for (let seed = 1; seed <= Number(decisions); seed++)
      found.push(...(await predict(seed)).filter(({ length }) => length > 1).map(classOf));
    return found;
  };
  const plain = await classes();
  await accelerate(tf, { accuracy, threads });
  const accelerated = await classes();
  const same = accelerated.filter((one, i) => one === plain[i]).length;
  return { decisions: plain.length, same, isClose: plain.length > 0 && same === plain.length };
}

/** @param {Question} question @returns {Promise<Answer>} */
async function inTurns({ network, backend, accuracy, threads, repetitions, reference }) {
  const { tf, predict } = await openNetwork(network, backend, threads);
  const registered = () => [...tf.getKernelsForBackend(backend)];
  /** @type {{ kernelName: string }[][]} */
  const [before, plain] = [registered(), await predict()].map((list) => /** @type {any} */ (list));
  const one = await accelerate(tf, { accuracy, threads: 1 });
  const alone = registered();
  if (threads > 1) one.undo();
  const { build } = await accelerate(tf, { accuracy, threads });
  const [after, accelerated] = [registered(), await predict()];
  const outputs = { plain: /** @type {any} */ (plain), accelerated };
  /** Packed weights stay where they are while other kernels have their turn. @param {{ kernelName: string }[]} list */
  const use = (list) => {
    for (const { kernelName } of registered()) tf.unregisterKernel(kernelName, backend);
    for (const kernel of list) tf.registerKernel(kernel);
  };
  const difference = apart(outputs.plain, outputs.accelerated);
  /** @type {Answer} */
  const answer = { build, difference, isClose: difference <= MOST_APART };
  if (repetitions > 0) {
    const candidates = new Map([
      ['plain', { run: predict, enter: () => use(before) }],
      ['accelerated', { run: predict, enter: () => use(after) }],
    ]);
    if (threads > 1) candidates.set('alone', { run: predict, enter: () => use(alone) });
    // hundreds of small functions take the engine's compilers a while
    const warm = { least: 500, most: 4000 };
    const bound = threads > 1 ? startBound(await peakFile('strict'), threads) : undefined;
    const times = await race(candidates, { repetitions, budget: 20_000, warm, lends: bound?.lends });
    if (bound) answer.lent = times.get('accelerated')?.lent;
    await bound?.stop();
    answer.plain = times.get('plain')?.median;
    answer.accelerated = times.get('accelerated')?.median;
    answer.alone = times.get('alone')?.median;
  }
  if (reference || !answer.isClose) {
    const exact = await (await openNetwork(network, 'cpu', 1)).predict();
    answer.fromCpu = { plain: apart(exact, outputs.plain), accelerated: apart(exact, outputs.accelerated) };
    // a network that makes much of rounding: then ours has to be about as near to the cpu backend
    answer.isClose ||= answer.fromCpu.accelerated <= 2 * answer.fromCpu.plain;
  }
  return answer;
}

const question = /** @type {Question} */ (JSON.parse(process.argv[2]));
console.warn = () => {};
const answer = await (question.first ? firstPrediction : question.decisions ? sameClasses : inTurns)(question);
process.stdout.write(`\n${JSON.stringify(answer)}\n`);
// TensorFlow.js keeps the process alive in some versions
process.exit(0);
