import { COMMANDS_AT, FILL, MOST_COMMANDS, OWN, WORDS } from './control.js';
import type { Step } from './crew.js';

type Kernel = (...operands: number[]) => number;

/** Thrown by a step that cannot be written down. */
const alone = Symbol('alone');

/**
 * Writes down what a step does, kernel call by kernel call, instead of doing it, so that another thread can. Steps that
 * read or write memory themselves cannot be written down, except by `words` and `fill`.
 */
export class Recorder {
  /** Whether kernels are written down rather than called. */
  on = false;
  readonly #commands: Float64Array;
  #at = 0;
  /** Kernels that have a number. */
  #numbered = 0;

  constructor(control: SharedArrayBuffer) {
    this.#commands = new Float64Array(control, COMMANDS_AT, MOST_COMMANDS);
  }

  /** Numbers written so far. */
  get length(): number {
    return this.#at;
  }

  /** Kernels that are written down while this is on, by numbers that follow those of others, if workers `have` them. */
  wrap<Kernels extends object>(kernels: Kernels, have = true): Kernels {
    const first = this.#numbered;
    const entries = Object.entries(kernels) as [string, Kernel][];
    if (have) this.#numbered += entries.length;
    const wrap = (kernel: Kernel, number: number): Kernel => {
      const write: Kernel = (...operands) => (have ? this.#write(number, operands) : this.refuse());
      // operands that are only passed on are no array
      return (...operands) => (this.on ? write : kernel)(...operands);
    };
    return Object.fromEntries(entries.map(([name, kernel], i) => [name, wrap(kernel, first + i)])) as Kernels;
  }

  /** Says that what goes on needs memory itself. */
  refuse(): never {
    throw alone;
  }

  /** Begins anew. */
  clear(): void {
    this.#at = 0;
  }

  /** A copy of what is written. */
  copy(): Float64Array {
    return this.#commands.slice(0, this.#at);
  }

  /** Writes such a copy in place of what is there. */
  paste(commands: Float64Array): void {
    this.#commands.set(commands);
    this.#at = commands.length;
  }

  /** Appends units [begin, end) of a step; false when they cannot be written down, or are too many commands. */
  append<Operands>(step: Step<Operands>, operands: Operands, begin: number, end: number, shared: number): boolean {
    this.on = true;
    try {
      step.run(operands, begin, end, OWN, shared);
      return true;
    } catch (error) {
      if (error === alone) return false;
      throw error;
    } finally {
      this.on = false;
    }
  }

  words(at: number, words: readonly number[]): void {
    this.#write(WORDS, [at, ...words]);
  }

  fill(at: number, count: number, value: number): void {
    this.#write(FILL, [at, count, value]);
  }

  #write(command: number, operands: readonly number[]): number {
    const end = this.#at + 2 + operands.length;
    if (end > MOST_COMMANDS) throw alone;
    const commands = this.#commands;
    commands[this.#at] = command;
    commands[this.#at + 1] = operands.length;
    for (let i = 0; i < operands.length; i++) {
      if (Number.isNaN(operands[i])) throw alone;
      commands[this.#at + 2 + i] = operands[i];
    }
    this.#at = end;
    // no answer is known yet, and what is made of one is not written down
    return Number.NaN;
  }
}
