import { CONTROL, MOST_TASKS, SPINS } from './control.js';

/**
 * How long a worker may keep this thread waiting for the end of a step: so many milliseconds, and so many times what
 * the step took here.
 */
const PATIENCE = { least: 10_000, times: 20 } as const;

/** Whether this thread may sleep: the main thread of a page may not. */
function maySleep(words: Int32Array): boolean {
  try {
    // the word is 0, so that nobody falls asleep
    return Atomics.wait(words, CONTROL.epoch, 1, 0) === 'not-equal';
  } catch {
    return false;
  }
}

/** Lets workers into one step after the other: opens it, closes it, and waits until nobody is inside. */
export class Gate {
  readonly #words: Int32Array;
  readonly #sleeps: boolean;

  constructor(words: Int32Array) {
    this.#words = words;
    this.#sleeps = maySleep(words);
  }

  /** Opens a step of so many tasks. */
  open(tasks: number): void {
    const words = this.#words;
    words[CONTROL.tasks] = tasks;
    Atomics.store(words, CONTROL.place, 1);
    Atomics.store(words, CONTROL.next, 0);
    this.#turn();
    if (Atomics.load(words, CONTROL.sleepers)) Atomics.notify(words, CONTROL.epoch, tasks - 1);
  }

  /** Closes it: nobody takes a task any more. */
  close(): void {
    Atomics.store(this.#words, CONTROL.next, MOST_TASKS);
    this.#turn();
  }

  /** Says that all is over. */
  end(): void {
    Atomics.store(this.#words, CONTROL.epoch, -1);
    Atomics.notify(this.#words, CONTROL.epoch);
  }

  /** Waits until nobody is in the step that was closed, and `began` then; false when that took too long. */
  empties(began: number): boolean {
    const words = this.#words;
    for (let spins = SPINS; spins > 0; spins--) if (Atomics.load(words, CONTROL.busy) === 0) return true;
    const now = performance.now();
    const last = now + PATIENCE.least + PATIENCE.times * (now - began);
    Atomics.store(words, CONTROL.waiting, 1);
    try {
      for (;;) {
        const busy = Atomics.load(words, CONTROL.busy);
        if (busy === 0) return true;
        const left = last - performance.now();
        if (left <= 0) return false;
        if (this.#sleeps) Atomics.wait(words, CONTROL.busy, busy, left);
      }
    } finally {
      Atomics.store(words, CONTROL.waiting, 0);
    }
  }

  #turn(): void {
    // 31 bits: never -1, which ends all
    Atomics.store(this.#words, CONTROL.epoch, (this.#words[CONTROL.epoch] + 1) & 0x7fffffff);
  }
}
