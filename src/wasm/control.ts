/**
 * Words by which a caller and its workers agree, in shared memory of their own, apart from that of the kernels: no two
 * instances ever share them. Hot words stand on cache lines of their own.
 */
export const CONTROL = {
  /** Odd while a step is open, even between steps, minus one when all is over. */
  epoch: 0,
  /** Next task that nobody has taken. */
  next: 16,
  /** Workers inside the open step. */
  busy: 32,
  /** Workers that sleep. */
  sleepers: 48,
  /** Not 0 while the caller sleeps until nobody is busy. */
  waiting: 64,
  /** Not 0 when a kernel has stopped in a worker. */
  failed: 80,
  /** Workers that are there. */
  ready: 96,
  /** Next place in the scratch of the open step; the first one is the caller's. */
  place: 208,
  /** Tasks of the open step. */
  tasks: 112,
  /** Where scratch begins, and bytes from one place to the next. */
  own: 113,
  ownBytes: 114,
  /** Places in it. Whoever finds none left has nothing to do. */
  places: 116,
  /** Bytes of the kernels' memory, in pages. */
  pages: 115,
  /** Where a further module of kernels stands in their memory, and its bytes; 0 while there is none. */
  further: 117,
  furtherBytes: 118,
  /** Where the commands of each task begin, and behind the last one where they end. */
  starts: 224,
} as const;

/** Most tasks of a step. */
export const MOST_TASKS = 512;

/** Where the commands begin, in bytes, and how many numbers they may be. */
export const COMMANDS_AT = 4096;
export const MOST_COMMANDS = 1 << 15;

export const CONTROL_BYTES = COMMANDS_AT + MOST_COMMANDS * 8;

/** Loads before somebody who waits falls asleep: some 50 to 100 microseconds. */
export const SPINS = 20_000;

/**
 * A command is a kernel's number, or one of these, then the number of operands, then the operands. `words`: an address
 * and 32-bit words to write there. `fill`: an address, a count and a float.
 */
export const WORDS = -1;
export const FILL = -2;

/**
 * Stands in for the scratch of whoever will run a task: an address that no memory has, known again by its fraction
 * after any whole number was added.
 */
export const OWN = 2 ** 36 + 5461 / 16384;

/** The operand itself, or the place in the scratch at `own` that it stands for. */
export const located = (operand: number, own: number): number =>
  operand > 2 ** 35 && operand % 1 === OWN % 1 ? operand - OWN + own : operand;

/** What a worker is sent when it starts. */
export interface Start {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly control: SharedArrayBuffer;
}
