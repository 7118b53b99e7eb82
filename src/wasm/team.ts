import type { Address } from './arena.js';
import { round64 } from './block.js';
import { CONTROL, CONTROL_BYTES, MOST_TASKS, type Start } from './control.js';
import type { Crew, Scratch, Step } from './crew.js';
import { Gate } from './gate.js';
import type { Host } from './host.js';
import type { LinearMemory } from './memory.js';
import { Recorder } from './recorder.js';
import { sharedBytes } from './shared.js';
import { mostTasks } from './sharing.js';
import { Written } from './written.js';

/** A worker of a page, or of Node. */
export interface AnyWorker {
  postMessage(message: unknown): void;
  terminate(): unknown;
  addEventListener?(event: string, listener: (event: unknown) => void): void;
  on?(event: string, listener: (event: unknown) => void): void;
  unref?(): void;
}

/** Tasks of a step for each thread: what one is late with, the others do. */
const TASKS_EACH = 4;

const SILENT = 'a worker does not answer';

const PAGE = 65536;

/** Workers over one shared memory. Workers that are not there yet are not waited for. */
export class Team implements Crew {
  readonly threads: number;
  readonly leastFloats: number;
  readonly recorder: Recorder;
  /** Why there are no workers any more. */
  trouble: string | undefined;
  /** Whether a worker did not answer: until it has ended it may write to scratch and results of its step. */
  lost = false;
  /** Steps that were shared so far. */
  steps = 0;
  /** Milliseconds that they took, all threads at work. */
  sharedMs = 0;
  readonly #words: Int32Array;
  readonly #linear: LinearMemory;
  readonly #workers: AnyWorker[] = [];
  /** Steps that only this thread can run. */
  readonly #alone = new WeakSet<Step<never>>();
  readonly #written: Written;
  readonly #gate: Gate;

  /** `module`: a build for a shared memory. */
  constructor(
    module: WebAssembly.Module,
    linear: LinearMemory,
    threads: number,
    worker: () => AnyWorker,
    leastFloats: number,
  ) {
    const control = new SharedArrayBuffer(CONTROL_BYTES);
    this.threads = threads;
    this.leastFloats = leastFloats;
    this.recorder = new Recorder(control);
    this.#linear = linear;
    this.#words = new Int32Array(control);
    this.#written = new Written(this.recorder, this.#words);
    this.#gate = new Gate(this.#words);
    try {
      while (this.#workers.length < threads - 1) {
        const one = worker();
        this.#workers.push(one);
        const listen = (one.on ?? one.addEventListener)?.bind(one);
        const fault = (event: unknown) => this.stop(`a worker failed: ${(event as Error)?.message ?? event}`);
        listen?.('error', fault);
        listen?.('messageerror', fault);
        listen?.('exit', () => this.stop('a worker has ended'));
        one.postMessage({ module, memory: linear.memory, control } satisfies Start);
        // after the listeners, which count as a reason to live
        one.unref?.();
      }
    } catch (cause) {
      this.stop(`the host refuses a worker: ${cause instanceof Error ? cause.message : cause}`);
    }
  }

  /** Threads that are there. */
  get present(): number {
    return this.trouble === undefined ? 1 + Atomics.load(this.#words, CONTROL.ready) : 1;
  }

  /** Ends all workers. Steps are run on one thread from now on. */
  stop(trouble: string): void {
    if (this.trouble !== undefined) return;
    this.trouble = trouble;
    this.#gate.end();
    for (const worker of this.#workers) worker.terminate();
  }

  /**
   * Kernels of another module in this memory. All threads have them from now on; those of a second one stay on this
   * thread.
   */
  join(plain: Uint8Array): object {
    const words = this.#words;
    const { memory } = this.#linear;
    const bytes = sharedBytes(plain);
    const isFirst = words[CONTROL.furtherBytes] === 0;
    if (isFirst) {
      // workers look at words, and get no messages any more
      const at = this.#linear.allocate(round64(bytes.length));
      new Uint8Array(this.#linear.buffer, at).set(bytes);
      words[CONTROL.further] = at;
      words[CONTROL.furtherBytes] = bytes.length;
    }
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
    return this.recorder.wrap(exports, isFirst);
  }

  run<Operands extends readonly number[]>(
    host: Host,
    step: Step<Operands>,
    operands: Operands,
    scratch: Scratch,
  ): void {
    const { own, ownBytes, places, shared } = scratch;
    const tasks = this.#record(step, operands, shared);
    if (tasks === 0) {
      step.run(operands, 0, step.units, own, shared);
      return;
    }
    const words = this.#words;
    words[CONTROL.own] = own;
    words[CONTROL.ownBytes] = ownBytes;
    words[CONTROL.places] = places;
    words[CONTROL.pages] = this.#linear.buffer.byteLength / PAGE;
    this.steps++;
    const began = performance.now();
    this.#gate.open(tasks);
    try {
      for (;;) {
        const task = Atomics.add(words, CONTROL.next, 1);
        if (task >= tasks) break;
        step.run(operands, ...this.#units(step, task, tasks), own, shared);
      }
    } catch (error) {
      // nobody works on while this is dealt with
      if (!this.#finish(began)) this.stop(SILENT);
      else if (host.trapped()) this.stop('the kernels stopped');
      throw error;
    }
    if (!this.#finish(began)) this.#fail(host, SILENT);
    this.sharedMs += performance.now() - began;
    if (Atomics.load(words, CONTROL.failed)) this.#fail(host, 'in a worker');
  }

  /** Ends a step; false when a worker did not. */
  #finish(began: number): boolean {
    this.#gate.close();
    this.lost = !this.#gate.empties(began);
    return !this.lost;
  }

  #fail(host: Host, trouble: string): never {
    this.stop(trouble);
    return host.fail(trouble);
  }

  /** Units of a task. */
  #units<Operands>({ units }: Step<Operands>, task: number, tasks: number): [begin: number, end: number] {
    return [Math.floor((units * task) / tasks), Math.floor((units * (task + 1)) / tasks)];
  }

  /** Writes down what there is to do, and how many tasks that is; 0 if this thread has to do it all. */
  #record<Operands extends readonly number[]>(step: Step<Operands>, operands: Operands, shared: Address): number {
    const most = Math.min(mostTasks(step as Step<never>), TASKS_EACH * this.threads, MOST_TASKS);
    // as many for each
    const tasks = most - (most > this.threads ? most % this.threads : 0);
    if (tasks < 2 || this.present < 2 || this.#alone.has(step as Step<never>)) return 0;
    if (this.#written.again(step as Step<never>, operands, shared, tasks)) return tasks;
    this.recorder.clear();
    for (let task = 0; task < tasks; task++) {
      this.#words[CONTROL.starts + task] = this.recorder.length;
      if (!this.recorder.append(step, operands, ...this.#units(step, task, tasks), shared)) {
        this.#alone.add(step as Step<never>);
        return 0;
      }
    }
    this.#words[CONTROL.starts + tasks] = this.recorder.length;
    this.#written.keep(step as Step<never>, operands, shared, tasks);
    return tasks;
  }
}
