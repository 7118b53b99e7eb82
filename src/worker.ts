import { COMMANDS_AT, CONTROL, FILL, located, MOST_COMMANDS, SPINS, type Start, WORDS } from './wasm/control.js';

/** Runs tasks of steps that the caller opens, until it says that all is over. */
function work({ module, memory, control }: Start): void {
  const words = new Int32Array(control, 0, COMMANDS_AT / 4);
  const commands = new Float64Array(control, COMMANDS_AT, MOST_COMMANDS);
  const kernelsOf = (build: WebAssembly.Module) =>
    Object.values(new WebAssembly.Instance(build, { env: { memory } }).exports) as ((
      ...operands: number[]
    ) => number)[];
  const kernels = kernelsOf(module);
  const { epoch, next, busy, sleepers, waiting, failed, ready, tasks, own, ownBytes, pages, place, places, starts } =
    CONTROL;
  const { further, furtherBytes } = CONTROL;
  let known = 0;
  let joined = 0;

  /** Commands [begin, end). */
  const run = (begin: number, end: number, scratch: number) => {
    for (let at = begin; at < end; ) {
      const command = commands[at];
      const first = at + 2;
      at = first + commands[at + 1];
      if (command === WORDS) {
        // tables are long
        const to = new Int32Array(memory.buffer, located(commands[first], scratch), at - first - 1);
        for (let i = first + 1; i < at; i++) to[i - first - 1] = located(commands[i], scratch);
        continue;
      }
      const operands: number[] = [];
      for (let i = first; i < at; i++) operands.push(located(commands[i], scratch));
      if (command >= 0) kernels[command](...operands);
      else if (command === FILL) new Float32Array(memory.buffer, operands[0], operands[1]).fill(operands[2]);
    }
  };

  const help = () => {
    // what another thread has grown shows here from the next growth on
    if (known !== words[pages]) memory.grow(0);
    known = words[pages];
    if (joined !== words[furtherBytes]) {
      joined = words[furtherBytes];
      // what is compiled may not be shared
      const bytes = new Uint8Array(memory.buffer, words[further] >>> 0, joined).slice();
      kernels.push(...kernelsOf(new WebAssembly.Module(bytes)));
    }
    const count = words[tasks];
    const here = Atomics.add(words, place, 1);
    if (here >= words[places]) return;
    const scratch = (words[own] >>> 0) + here * words[ownBytes];
    for (;;) {
      const task = Atomics.add(words, next, 1);
      if (task >= count) return;
      run(words[starts + task], words[starts + task + 1], scratch);
    }
  };

  /** The epoch that follows `seen`, if it is open. */
  const opened = (seen: number): number => {
    for (;;) {
      let now = Atomics.load(words, epoch);
      for (let spins = SPINS; spins > 0 && (now === seen || now % 2 === 0); spins--) now = Atomics.load(words, epoch);
      if (now !== seen && now % 2 !== 0) return now;
      Atomics.add(words, sleepers, 1);
      Atomics.wait(words, epoch, now);
      Atomics.sub(words, sleepers, 1);
    }
  };

  Atomics.add(words, ready, 1);
  for (let now = opened(0); now !== -1; now = opened(now)) {
    Atomics.add(words, busy, 1);
    // a step that was closed meanwhile waits for nobody
    if (Atomics.load(words, epoch) === now) {
      try {
        help();
      } catch {
        Atomics.store(words, failed, 1);
      }
    }
    if (Atomics.sub(words, busy, 1) === 1 && Atomics.load(words, waiting)) Atomics.notify(words, busy);
  }
}

interface Port {
  once?(event: 'message', listener: (start: Start) => void): void;
  onmessage?: (event: { data: Start }) => void;
}

const { process } = globalThis as { process?: { getBuiltinModule?(name: string): { parentPort: Port | null } } };
const port = process?.getBuiltinModule?.('node:worker_threads')?.parentPort ?? (globalThis as unknown as Port);
if (port.once) port.once('message', work);
else port.onmessage = ({ data }) => work(data);
