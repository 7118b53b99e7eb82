import relaxed from 'peak-relaxed.wasm';
import strict from 'peak-strict.wasm';
import * as stridewise from 'stridewise';
import { bandwidthOf, peakLoops, triadLoop } from '../../../../bench/loops.js';
import { race } from '../../../../bench/measure.js';
import { parseProblem } from '../../../../bench/problem.js';
import type { Row } from '../../../../bench/report.js';
import { check, figures, time } from '../../../../bench/trial.js';
import type { Reply, Request } from './messages.js';
import type { Build } from './url.js';

const loops: Readonly<Record<Build, Uint8Array<ArrayBuffer>>> = { strict, relaxed };

let build: Build = 'strict';
let loopModule: WebAssembly.Module;
let peaks: Map<Build, ReturnType<typeof peakLoops>>;

async function open(wanted: Build): Promise<Reply> {
  build = wanted;
  await stridewise.init({ simd: build });
  loopModule = new WebAssembly.Module(loops[build]);
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

async function run({ task, setup }: Extract<Request, { ask: 'run' }>): Promise<Reply> {
  const problem = parseProblem(task.problem);
  const { layout, memory, repetitions } = setup;
  const [trial] = check(problem, [{ build, layout, memory, call: 'prepared' }], new Map([[build, stridewise]]));
  try {
    const timed = trial.subject ? await time([trial], peaks, repetitions) : undefined;
    const row = { title: task.title, problem: task.problem, build, layout, memory, ...figures(problem, trial, timed) };
    return { row: row as Row };
  } finally {
    trial.subject?.dispose();
  }
}

function answer(request: Request): Promise<Reply> {
  if (request.ask === 'open') return open(request.build);
  return request.ask === 'bandwidth' ? bandwidth() : run(request);
}

self.onmessage = async ({ data }: MessageEvent<Request>) => {
  const reply = await answer(data).catch(
    (error: unknown): Reply => ({ failure: error instanceof Error ? error.message : String(error) }),
  );
  self.postMessage(reply);
};
