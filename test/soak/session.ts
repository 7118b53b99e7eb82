import { type Api, type Arguments, type Call, invoke, type PreparedCall } from '../calls/index.js';
import { failingAt, moved, nan, outsOf, spoilers, viewed, withOptions } from '../calls/variants.js';
import { type Handle, OpenArena, type OpenHandle } from './owners.js';
import type { Maker, Package, Pool } from './pool.js';

/** How often each thing happened. */
export interface Tally {
  calls: number;
  refused: number;
  outOfMemory: number;
  handles: number;
  dropped: number;
  arenas: number;
}

export const newTally = (): Tally => ({ calls: 0, refused: 0, outOfMemory: 0, handles: 0, dropped: 0, arenas: 0 });

/** Handles and arenas that are open at most. */
const OPEN = { handles: 30, arenas: 4 };

/**
 * Bytes left free before some calls of a starved session, so that each of their allocations may be the one that grows
 * memory or fails.
 */
const BRINK = 2 ** 15;

/** One instance of the kernels under random load, until it is closed. */
export class Session {
  readonly #api: Package;
  readonly #pool: Pool;
  readonly #next: () => number;
  readonly #tally: Tally;
  readonly #starved: boolean;
  readonly #build: string;
  /** Calls that have a handle. */
  readonly #prepared: readonly Call[];
  readonly #handles: OpenHandle[] = [];
  #arenas: OpenArena[] = [];

  /** `starved`: calls may fail for want of memory. */
  constructor(api: Package, pool: Pool, next: () => number, tally: Tally, starved: boolean) {
    this.#api = api;
    this.#pool = pool;
    this.#next = next;
    this.#tally = tally;
    this.#starved = starved;
    this.#build = api.features().build;
    this.#prepared = pool.calls.filter(({ handle }) => handle && handle.name in api);
  }

  /** Something happens. */
  step(): void {
    const chance = this.#next();
    if (chance < 0.7) this.#plain();
    else if (chance < 0.78) this.#refused();
    else if (chance < 0.8) this.#thrown();
    else if (chance < 0.83) this.#keep();
    else if (chance < 0.93) this.#run();
    else if (chance < 0.955) this.#close();
    else this.#arena();
  }

  /** Handles that will live on when this session is closed; fewer than `count` where memory is short. */
  survivors(count: number): OpenHandle[] {
    return Array.from({ length: count }, () => this.#open()).filter((handle) => handle !== undefined);
  }

  /** Disposes of all that is open. */
  close(): void {
    for (const { handle } of this.#handles.splice(0)) handle.dispose();
    for (const { arena } of this.#arenas.splice(0)) arena.dispose();
  }

  /** Makes every call of the pool once more. */
  repeat(): void {
    for (const call of this.#pool.calls) {
      this.#attempt(() => {
        this.#pool.compare(call, this.#invoke(call.name, call.args), this.#build, 'call');
        this.#tally.calls++;
      });
    }
  }

  /** Runs a handle of an earlier session, whose instance lives as long as it does. */
  runSurvivor({ call, handle, build, starved }: OpenHandle): void {
    this.#attempt(() => {
      this.#pool.compare(call, handle.run(...(call.handle as PreparedCall).run()), build, 'handle');
      this.#tally.calls++;
    }, starved);
  }

  #pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.#next() * list.length)];
  }

  /** In a starved session work may fail for want of memory. */
  #attempt<T>(work: () => T, starved = this.#starved): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!starved || !(error instanceof this.#api.MemoryError)) throw error;
      this.#tally.outOfMemory++;
      return undefined;
    }
  }

  #expectUsage(used: number, kept: number, when: string): void {
    const now = this.#api.memoryUsage();
    if (now.used === used && now.kept === kept) return;
    throw new Error(`${when} ${now.used} bytes are in use and ${now.kept} kept, before ${used} and ${kept}`);
  }

  #invoke(name: string, args: Arguments): unknown {
    return invoke(this.#api as unknown as Api, name, args);
  }

  #free(): number {
    const { used, reserved } = this.#api.memoryUsage();
    return reserved - used;
  }

  /** Holds the result of a call against the first one; `make` may place operands in an arena that lives as long. */
  #compared(call: Call, build: string, maker: Maker, make: (home: OpenArena) => unknown): void {
    const { used, kept } = this.#api.memoryUsage();
    const home = new OpenArena(this.#api.arena());
    try {
      this.#attempt(() => {
        if (this.#starved && this.#next() < 0.3) home.hoard(() => this.#free(), this.#next() * BRINK);
        this.#pool.compare(call, make(home), build, maker);
        home.check();
        this.#tally.calls++;
      });
    } catch (cause) {
      throw new Error(`${call.title}: ${(cause as Error).message}`, { cause });
    } finally {
      home.arena.dispose();
    }
    this.#expectUsage(used, kept, `after ${call.title}`);
  }

  /** A call with its operands and its results here or there. */
  #plain(): void {
    const call = this.#pick(this.#pool.calls);
    this.#compared(call, this.#build, 'call', (home) => {
      const args = this.#placed(call.args, home);
      const out = this.#out(call, home);
      const result = this.#invoke(call.name, out === undefined ? args : withOptions(args, { out }));
      if (out !== undefined && call.expected.y && result !== out) throw new Error('the result is not out');
      return result;
    });
  }

  /** Operands elsewhere, all or some of them; `out`, which may be among them, stays where it is. */
  #placed(args: Arguments, home: OpenArena, out?: unknown): Arguments {
    const chance = this.#next();
    if (chance < 0.5) return args;
    return moved(args, (t) => {
      if (t === out) return t;
      if (chance < 0.6) return viewed(t, chance < 0.55);
      return chance < 0.8 || this.#next() < 0.5 ? home.from(t) : t;
    });
  }

  #out(call: Call, home: OpenArena): unknown {
    const chance = this.#next();
    if (chance < 0.5) return undefined;
    return outsOf(call, chance < 0.75 ? nan : (shape) => home.out(shape));
  }

  /** A call that must be refused, and must leave nothing behind. */
  #refused(): void {
    const call = this.#pick(this.#pool.calls);
    const { used, kept } = this.#api.memoryUsage();
    const spoilt = this.#pick(spoilers)(call.args, call);
    const error = thrownBy(() => this.#invoke(call.name, spoilt));
    if (!(error instanceof this.#api.StridewiseError) || error.code === 'TRAP')
      throw new Error(`${call.title}, spoilt: ${error}`, { cause: error });
    this.#expectUsage(used, kept, `after a refusal of ${call.title}`);
    this.#tally.refused++;
  }

  /** A call that is left in the middle by an error that is not the package's. */
  #thrown(): void {
    const call = this.#pick(this.#pool.calls);
    const { used, kept } = this.#api.memoryUsage();
    const own = new Error('thrown by an operand');
    const args = failingAt(call.args, Math.floor(this.#next() * 6), own);
    const error = thrownBy(() => this.#invoke(call.name, args));
    if (error !== own && error !== undefined && !(this.#starved && error instanceof this.#api.MemoryError))
      throw new Error(`${call.title}, interrupted: ${error}`, { cause: error });
    this.#expectUsage(used, kept, `after ${call.title} was interrupted`);
    this.#tally.refused++;
  }

  #keep(): void {
    const opened = this.#open();
    if (opened && this.#handles.push(opened) > OPEN.handles) this.#close();
  }

  #open(): OpenHandle | undefined {
    const call = this.#pick(this.#prepared);
    const { name, prepare } = call.handle as PreparedCall;
    const { used, kept } = this.#api.memoryUsage();
    const handle = this.#attempt(() => this.#invoke(name, prepare)) as Handle | undefined;
    if (handle) this.#tally.handles++;
    else this.#expectUsage(used, kept, `after ${name} had no memory`);
    return handle && { call, handle, build: this.#build, starved: this.#starved };
  }

  #run(): void {
    if (this.#handles.length === 0) return;
    const { call, handle, build } = this.#pick(this.#handles);
    const { run } = call.handle as PreparedCall;
    this.#compared(call, build, 'handle', (home) => {
      const out = this.#out(call, home);
      return handle.run(...this.#placed(run(out), home, out));
    });
  }

  /** A handle is disposed of, maybe twice, and used once more; or it is dropped. */
  #close(): void {
    if (this.#handles.length === 0) return;
    const [{ call, handle }] = this.#handles.splice(Math.floor(this.#next() * this.#handles.length), 1);
    if (this.#next() < 0.3) {
      this.#tally.dropped++;
      return;
    }
    handle.dispose();
    const { used, kept } = this.#api.memoryUsage();
    if (this.#next() < 0.5) handle.dispose();
    this.#expectUsage(used, kept, 'after a second dispose()');
    this.#mustBeGone(() => handle.run(...(call.handle as PreparedCall).run()));
  }

  #mustBeGone(use: () => unknown): void {
    const error = thrownBy(use);
    if (!(error instanceof this.#api.MemoryError)) throw new Error(`used after its end: ${error}`, { cause: error });
    this.#tally.refused++;
  }

  /** An arena is opened, filled, looked at, reset, disposed of, or dropped. */
  #arena(): void {
    const chance = this.#next();
    if (this.#arenas.length === 0 || (chance < 0.2 && this.#arenas.length < OPEN.arenas)) {
      this.#tally.arenas++;
      this.#arenas.push(new OpenArena(this.#api.arena()));
      return;
    }
    const open = this.#pick(this.#arenas);
    if (chance < 0.6) {
      this.#attempt(() => moved(this.#pick(this.#pool.calls).args, (t) => open.from(t)));
      open.check();
      return;
    }
    if (chance < 0.75) {
      for (const tensor of open.reset()) this.#mustBeGone(() => tensor.data);
      return;
    }
    this.#arenas = this.#arenas.filter((other) => other !== open);
    if (chance < 0.85) return void this.#tally.dropped++;
    open.check();
    open.arena.dispose();
    if (chance < 0.95) open.arena.dispose();
    this.#mustBeGone(() => open.arena.tensor([1]));
  }
}

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}
