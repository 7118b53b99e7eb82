import relaxed from 'peak-relaxed.wasm';
import strict from 'peak-strict.wasm';
import { operandsOf } from '../../../../bench/data.js';
import { bandwidthOf, peakLoops, peakRate, triadLoop } from '../../../../bench/loops.js';
import { type Candidate, race } from '../../../../bench/measure.js';
import { plainLoops } from '../../../../bench/plain.js';
import { type Problem, parseProblem, workOf } from '../../../../bench/problem.js';
import { errorsOf, sample } from '../../../../bench/reference.js';
import type { Row } from '../../../../bench/report.js';
import { check, figures, time } from '../../../../bench/trial.js';
import { isPackage } from '../report/figures.js';
import type { Reply, Request } from './messages.js';
import { type Engine, tfjsEngine } from './tfjs.js';
import type { Build, Tune } from './url.js';

type Wasm = Exclude<Build, 'plain' | 'tfjs'>;
type Api = typeof import('stridewise') | typeof import('stridewise/threads');
type Ask<K extends Request['ask']> = Extract<Request, { ask: K }>;

const loops: Readonly<Record<Wasm, Uint8Array<ArrayBuffer>>> = { strict, relaxed };

let build: Build = 'strict';
let threads = 1;
let api: Api;
let engine: Engine;
let loopModule: WebAssembly.Module;
let peaks: Map<Wasm, ReturnType<typeof peakLoops>>;

/** The package on some threads: its default entry where one is enough. */
async function load(simd: Wasm, tune: Tune): Promise<Api> {
  if (threads === 1) {
    const single = await import('stridewise');
    await single.init({ simd, tune });
    return single;
  }
  const many = await import('stridewise/threads');
  const worker = () => new Worker(new URL('worker.js', import.meta.url), { type: 'module' });
  await many.init({ simd, tune, threads, worker });
  return many;
}

async function open(wanted: Ask<'open'>): Promise<Reply> {
  ({ build, threads } = wanted);
  const wasm = isPackage(wanted.build) ? wanted.build : 'strict';
  loopModule = new WebAssembly.Module(loops[wasm]);
  peaks = new Map([[wasm, peakLoops(loopModule)]]);
  if (build === 'tfjs') engine = await tfjsEngine();
  if (!isPackage(build)) return { done: true };
  api = await load(wasm, wanted.tune);
  const { processor, tune } = api.features();
  return { done: true, processor, tune };
}

/** Repetitions of the triad, which takes tens of milliseconds. */
const TRIADS = 5;

async function bandwidth(): Promise<Reply> {
  const triad = triadLoop(loopModule);
  const timing = (await race(new Map([[triad, triad]]), { repetitions: TRIADS })).get(triad)!;
  return { bandwidth: bandwidthOf(timing) };
}

async function run({ task, setup }: Ask<'run'>): Promise<Reply> {
  const { layout, memory, repetitions } = setup;
  const found = await measure(task.problem, setup);
  const row = { title: task.title, problem: task.problem, build, threads, layout, memory, repetitions, ...found };
  return { row: row as Row };
}

function measure(text: string, setup: Ask<'run'>['setup']): Promise<Partial<Row>> {
  if (build === 'plain') return byLoops(text);
  return build === 'tfjs' ? byTfjs(text, setup.repetitions) : byPackage(text, setup, build);
}

async function byPackage(text: string, { layout, memory, repetitions }: Ask<'run'>['setup'], wasm: Wasm) {
  const problem = parseProblem(text);
  const [trial] = check(problem, [{ build: wasm, layout, memory, call: 'prepared' }], new Map([[wasm, api]]));
  try {
    if (!trial.subject) return figures(problem, trial, undefined);
    const long = longPeak(() => trial.subject!.run());
    const { reading, ...timed } = await time([trial], peaks, repetitions, long);
    const peak = timed.peakRates.get(wasm)!;
    const kept = (long.calls * timed.timings.get(long.loop)!.median) / reading!.median;
    // a loop gains nothing by being longer: it was the short one that was disturbed
    return { ...figures(problem, trial, timed), steadyGflops: Math.min(1, kept) * peak };
  } finally {
    trial.subject?.dispose();
  }
}

/** Milliseconds that the peak is measured for at most. */
const LONGEST_MS = 300;

/**
 * A peak loop, called again and again for as long as one call of a problem takes: in turns with it, it is disturbed as
 * much by what else the machine does.
 */
function longPeak(run: () => unknown) {
  const [loop] = [...peaks.values()][0];
  const duration = (call: () => unknown) => {
    const begin = performance.now();
    call();
    return performance.now() - begin;
  };
  const calls = Math.max(1, Math.round(Math.min(LONGEST_MS, duration(run)) / Math.max(1, duration(loop.run))));
  return {
    loop,
    calls,
    run() {
      for (let i = 0; i < calls; i++) loop.run();
    },
  };
}

/** Loops take long: they are timed fewer times. */
const patience = { repetitions: 3, budget: 600, warm: { least: 0, most: 300 } };

async function byLoops(text: string): Promise<Partial<Row>> {
  const problem = parseProblem(text);
  const operands = operandsOf(problem);
  const subject = plainLoops(problem, operands);
  errorsOf(subject.read(), sample(problem, operands));
  return { ...(await besidePeak(problem, subject, patience)), chosen: 'nested loops' };
}

async function byTfjs(text: string, repetitions: number): Promise<Partial<Row>> {
  const problem = parseProblem(text);
  const operands = operandsOf(problem);
  const subject = engine.prepare(problem, operands);
  try {
    errorsOf(subject.read(), sample(problem, operands));
    return { ...(await besidePeak(problem, subject, { repetitions })), chosen: engine.version };
  } finally {
    subject.dispose();
  }
}

/** What is not the package, in turns with the peak. */
async function besidePeak(problem: Problem, subject: Candidate, options: Parameters<typeof race>[1]) {
  const long = longPeak(subject.run);
  const timings = await race<object>(new Map([subject, long].map((candidate) => [candidate, candidate])), options);
  const { amount, unit } = workOf(problem);
  const { median } = timings.get(subject)!;
  const steadyGflops = long.calls * peakRate([timings.get(long)!]);
  return { medianMs: median, rate: amount / median / 1e6, unit: unit as Row['unit'], steadyGflops };
}

function answer(request: Request): Promise<Reply> {
  if (request.ask === 'open') return open(request);
  return request.ask === 'bandwidth' ? bandwidth() : run(request);
}

self.onmessage = async ({ data }: MessageEvent<Request>) => {
  const reply = await answer(data).catch(
    (error: unknown): Reply => ({ failure: error instanceof Error ? error.message : String(error) }),
  );
  self.postMessage(reply);
};
