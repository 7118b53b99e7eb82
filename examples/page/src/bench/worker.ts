import relaxed from 'peak-relaxed.wasm';
import strict from 'peak-strict.wasm';
import { operandsOf } from '../../../../bench/data.js';
import { bandwidthOf, peakLoops, triadLoop } from '../../../../bench/loops.js';
import { race } from '../../../../bench/measure.js';
import { plainLoops } from '../../../../bench/plain.js';
import { parseProblem, workOf } from '../../../../bench/problem.js';
import { errorsOf, sample } from '../../../../bench/reference.js';
import type { Row } from '../../../../bench/report.js';
import { check, figures, time } from '../../../../bench/trial.js';
import type { Reply, Request } from './messages.js';
import type { Build } from './url.js';

type Wasm = Exclude<Build, 'plain'>;
type Ask<K extends Request['ask']> = Extract<Request, { ask: K }>;

const loops: Readonly<Record<Wasm, Uint8Array<ArrayBuffer>>> = { strict, relaxed };

let build: Build = 'strict';
let threads = 1;
let api: object;
let loopModule: WebAssembly.Module;
let peaks: Map<Wasm, ReturnType<typeof peakLoops>>;

/** The package on some threads: its default entry where one is enough. */
async function load(simd: Wasm): Promise<object> {
  if (threads === 1) {
    const single = await import('stridewise');
    await single.init({ simd });
    return single;
  }
  const many = await import('stridewise/threads');
  const worker = () => new Worker(new URL('worker.js', import.meta.url), { type: 'module' });
  await many.init({ simd, threads, worker });
  return many;
}

async function open(wanted: Ask<'open'>): Promise<Reply> {
  ({ build, threads } = wanted);
  loopModule = new WebAssembly.Module(loops[build === 'relaxed' ? build : 'strict']);
  if (build === 'plain') return { done: true };
  api = await load(build);
  peaks = new Map([[build, peakLoops(loopModule)]]);
  return { done: true };
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
  const found = build === 'plain' ? await byLoops(task.problem) : await byPackage(task.problem, setup, build);
  const row = { title: task.title, problem: task.problem, build, threads, layout, memory, repetitions, ...found };
  return { row: row as Row };
}

async function byPackage(text: string, { layout, memory, repetitions }: Ask<'run'>['setup'], wasm: Wasm) {
  const problem = parseProblem(text);
  const [trial] = check(problem, [{ build: wasm, layout, memory, call: 'prepared' }], new Map([[wasm, api]]));
  try {
    return figures(problem, trial, trial.subject ? await time([trial], peaks, repetitions) : undefined);
  } finally {
    trial.subject?.dispose();
  }
}

/** Loops take long: they are timed fewer times. */
const patience = { repetitions: 3, budget: 600, warm: { least: 0, most: 300 } };

async function byLoops(text: string): Promise<Partial<Row>> {
  const problem = parseProblem(text);
  const operands = operandsOf(problem);
  const subject = plainLoops(problem, operands);
  errorsOf(subject.read(), sample(problem, operands));
  const timing = (await race(new Map([[subject, subject]]), patience)).get(subject)!;
  const { amount, unit } = workOf(problem);
  return { medianMs: timing.median, rate: amount / timing.median / 1e6, unit, chosen: 'nested loops' };
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
