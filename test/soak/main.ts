import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import cliProgress from 'cli-progress';
import { newTally, type Tally } from './session.js';
import type { Message, Task } from './thread.js';

const HELP = `Random calls of every operator on several threads, with errors, handles and arenas in between, each result held against the first one,
which was held against the definition.

  npm run soak -- [options]

  --calls N     results to compare, in all (default 1000000)
  --minutes M   stop after that time, whatever was done (default 15)
  --threads T   each with an instance of its own (default 2)
  --shared S    every instance on so many threads, by stridewise/threads, however small its calls (default 1)
  --cases C     of every operator, drawn anew for every thread (default 100)
  --seed S      what is drawn (default 1)`;

/** What a thread's heap may gain while it runs: the compiler's work, not the calls'. */
const HEAP_GROWTH = 16 * 2 ** 20;

interface Limits {
  readonly calls: number;
  readonly minutes: number;
  readonly threads: number;
  readonly shared: number;
  readonly cases: number;
  readonly seed: number;
}

function readLimits(): Limits | undefined {
  const text = (fallback: string) => ({ type: 'string', default: fallback }) as const;
  const { values } = parseArgs({
    options: {
      calls: text('1000000'),
      minutes: text('15'),
      threads: text('2'),
      shared: text('1'),
      cases: text('100'),
      seed: text('1'),
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const limits = {
    calls: Number(values.calls),
    minutes: Number(values.minutes),
    threads: Number(values.threads),
    shared: Number(values.shared),
    cases: Number(values.cases),
    seed: Number(values.seed),
  };
  for (const [name, value] of Object.entries(limits))
    if (!(value > 0)) throw new Error(`--${name} must be a number above 0`);
  return limits;
}

const sum = (tallies: readonly Tally[]): Tally =>
  tallies.reduce((total, tally) => {
    for (const name of Object.keys(total) as (keyof Tally)[]) total[name] += tally[name];
    return total;
  }, newTally());

const count = (n: number) => n.toLocaleString('en');

/** Runs one thread to its end. */
const thread = (task: Task, onPhase: (tally: Tally, build: string) => void) =>
  new Promise<void>((resolve, reject) => {
    const worker = new Worker(new URL('./thread.js', import.meta.url), { workerData: task });
    worker.on('message', (message: Message) => {
      if ('failure' in message) reject(new Error(`seed ${task.seed}: ${message.failure}`));
      else onPhase(message.tally, message.build);
    });
    worker.on('error', reject);
    worker.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a thread ended with code ${code}`))));
  });

async function main({ calls, minutes, threads, shared, cases, seed }: Limits): Promise<void> {
  // Threads share these flags: Node 20 has relaxed SIMD behind one, and dropped handles are collected when the soak
  // says so.
  setFlagsFromString('--expose-gc');
  if (process.versions.node.startsWith('20.')) setFlagsFromString('--experimental-wasm-relaxed-simd');
  const begin = Date.now();
  const tallies = Array.from({ length: threads }, newTally);
  const builds = new Set<string>();
  const bar = new cliProgress.SingleBar({
    format: '{bar} {value} of {total} calls, {duration_formatted}',
    clearOnComplete: true,
  });
  if (process.stdout.isTTY) bar.start(calls, 0);
  try {
    await Promise.all(
      tallies.map((_, i) => {
        const task: Task = {
          ...{ seed: seed + i, calls: Math.ceil(calls / threads), deadline: begin + minutes * 60_000 },
          ...{ shared, cases, heapGrowth: HEAP_GROWTH },
        };
        return thread(task, (tally, build) => {
          builds.add(build);
          tallies[i] = tally;
          bar.update(sum(tallies).calls);
        });
      }),
    );
  } finally {
    bar.stop();
  }
  const total = sum(tallies);
  const seconds = Math.round((Date.now() - begin) / 1000);
  console.log(`${count(total.calls)} results in ${seconds} s, seed ${seed}: no difference, no leak, no trap.`);
  console.log(
    `${threads} ${shared > 1 ? `instances of ${shared} threads` : 'threads'}; builds: ${[...builds].sort().join(', ')}; ${count(total.handles)} handles and ${count(total.arenas)} arenas.`,
  );
  console.log(
    `${count(total.dropped)} of them dropped, ${count(total.refused)} calls refused or interrupted, ${count(total.outOfMemory)} without memory.`,
  );
  if (total.calls < calls) console.log(`The time was up before ${count(calls)}.`);
}

try {
  const limits = readLimits();
  if (limits) await main(limits);
  else console.log(HELP);
} catch (error) {
  console.error((error as Error).message);
  // the other threads would run on
  process.exit(1);
}
