import type { Address } from './arena.js';
import { CONTROL } from './control.js';
import type { Step } from './crew.js';
import type { Recorder } from './recorder.js';

/** A step that was written down, and for what. */
interface Copy {
  readonly operands: readonly number[];
  readonly shared: Address;
  readonly tasks: number;
  readonly starts: Int32Array;
  readonly commands: Float64Array;
}

/** Most numbers of a copy that is kept: 64 KB. */
const MOST_NUMBERS = 1 << 13;

/**
 * Steps as they were written down last. A layer that is called again finds its operands where they were, in an arena as
 * in the block that a plain call takes: what other threads have to do is copied then rather than worked out.
 */
export class Written {
  readonly #recorder: Recorder;
  readonly #words: Int32Array;
  readonly #copies = new WeakMap<Step<never>, Copy>();

  constructor(recorder: Recorder, words: Int32Array) {
    this.#recorder = recorder;
    this.#words = words;
  }

  /** Writes a step as the last time; false when that was for something else. */
  again(step: Step<never>, operands: readonly number[], shared: Address, tasks: number): boolean {
    const copy = this.#copies.get(step);
    if (!copy || copy.shared !== shared || copy.tasks !== tasks) return false;
    for (let i = 0; i < operands.length; i++) if (operands[i] !== copy.operands[i]) return false;
    this.#recorder.paste(copy.commands);
    this.#words.set(copy.starts, CONTROL.starts);
    return true;
  }

  /** Keeps what is written now. */
  keep(step: Step<never>, operands: readonly number[], shared: Address, tasks: number): void {
    if (this.#recorder.length > MOST_NUMBERS) return;
    const starts = this.#words.slice(CONTROL.starts, CONTROL.starts + tasks + 1);
    this.#copies.set(step, {
      operands: [...operands],
      shared,
      tasks,
      starts,
      commands: this.#recorder.copy(),
    });
  }
}
