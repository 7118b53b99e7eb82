import type * as stridewise from 'stridewise';
import {
  type Api,
  type Call,
  checkResult,
  drawCalls,
  invoke,
  namedResults,
  type PreparedCall,
  type Values,
} from '../calls/index.js';
import { sameNumbers } from '../calls/variants.js';
import type { Handle } from './owners.js';

export type Package = typeof stridewise;

/** Who made a result: a plain call and a handle may sum in different orders. */
export type Maker = 'call' | 'handle';

/** Calls that are made again and again, and the bits that each gave the first time, in every build. */
export interface Pool {
  readonly calls: readonly Call[];
  /**
   * Makes every call of the pool, also by its handle, unless that was done in the running build, and holds the results
   * against the definition.
   */
  check(): number;
  /** Throws unless a result has the bits of the first one. */
  compare(call: Call, result: unknown, build: string, maker: Maker): void;
  /** Throws when an operand of any call has changed. */
  checkOperands(): void;
}

type Bits = ReadonlyMap<string, Int32Array>;

const words = ({ data }: Values) => {
  const { buffer, byteOffset, length } = data as Float32Array;
  return new Int32Array(buffer, byteOffset, length);
};

const bitsOf = (result: unknown): Bits =>
  new Map(Object.entries(namedResults(result)).map(([name, values]) => [name, words(values).slice()]));

function firstDifference(found: Int32Array, wanted: Int32Array): number {
  if (found.length !== wanted.length) return Math.min(found.length, wanted.length);
  for (let i = 0; i < wanted.length; i++) if (found[i] !== wanted[i]) return i;
  return -1;
}

/** `count` cases of every operator. */
export function drawPool(api: Package, count: number, seed: number): Pool {
  const functions = api as unknown as Api;
  const calls = drawCalls(functions, count, seed);
  const firsts = new Map<string, Record<Maker, Map<Call, Bits>>>();
  const operands = calls.map(({ args }) => structuredClone(args));

  const checked = (call: Call, result: unknown): Bits => {
    try {
      checkResult(call, result);
    } catch (cause) {
      throw new Error(`${call.title}: ${(cause as Error).message}`, { cause });
    }
    return bitsOf(result);
  };

  const runHandle = ({ name, prepare, run }: PreparedCall): unknown => {
    const handle = invoke(functions, name, prepare) as Handle;
    const result = handle.run(...run());
    handle.dispose();
    return result;
  };

  return {
    calls,
    compare(call, result, build, maker) {
      const first = firsts.get(build)?.[maker].get(call) as Bits;
      for (const [name, values] of Object.entries(namedResults(result))) {
        const at = firstDifference(words(values), first.get(name) as Int32Array);
        if (at >= 0)
          throw new Error(
            `${call.title}: ${name} differs at ${at} from the first result of a ${maker} in the ${build} build`,
          );
      }
    },
    check() {
      const { build } = api.features();
      if (firsts.has(build)) return 0;
      const prepared = calls.filter(({ handle }) => handle && handle.name in api);
      firsts.set(build, {
        call: new Map(calls.map((call) => [call, checked(call, invoke(functions, call.name, call.args))])),
        handle: new Map(prepared.map((call) => [call, checked(call, runHandle(call.handle as PreparedCall))])),
      });
      return calls.length + prepared.length;
    },
    checkOperands() {
      for (const [i, { args, title }] of calls.entries()) {
        if (!sameNumbers(args, operands[i])) throw new Error(`${title}: an operand has changed`);
      }
    },
  };
}
