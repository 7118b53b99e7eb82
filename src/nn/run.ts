import { checkOut, type Input } from '../shape/tensor.js';
import type { IndexTensor, Tensor } from '../types.js';
import type { Address, Arena } from '../wasm/arena.js';
import { type Job, runJob, type Step } from '../wasm/crew.js';
import type { Output } from '../wasm/operands.js';
import { isFloat, type Kernels } from './boundary.js';
import { nn } from './kernels.js';

/** Where a result goes. */
export interface OutOption {
  /** Written and returned instead of a new tensor; may not overlap an operand unless the function says so. */
  readonly out?: Tensor | undefined;
}

/** What a function of this entry works with. */
export interface Work {
  readonly kernels: Kernels;
  readonly arena: Arena;
  readonly from: readonly Address[];
  readonly to: readonly Address[];
  readonly scratch: Address;
}

/** Units of work that do not depend on each other, and what follows them. */
export interface Stage {
  /** Independent units, which threads share; default 1. */
  readonly units?: number | undefined;
  /** Units of a task at least; default 1. */
  readonly least?: number | undefined;
  /** Writes to the scratch of the run what its units read. */
  readonly prepare?: ((work: Work) => void) | undefined;
  /** Runs units [begin, end): where there are several, by calls of kernels alone. */
  run(work: Work, begin: number, end: number, own: Address): void;
  /** What is done when all units are. */
  readonly after?: Stage | undefined;
}

/** What kernels do with operands of known shapes: worked out once, run any number of times. */
export interface Plan extends Stage {
  /** Scratch of a run, in bytes. */
  readonly bytes: number;
  /** Scratch that each thread has to itself, in bytes; default none. */
  readonly ownBytes?: number | undefined;
}

/** Floats of a part whose sums are made apart, and most parts. */
const SUMMED = 1 << 14;
const MOST_PARTS = 32;

/**
 * Parts of `extent` rows whose sums are made apart and added in the end. The problem alone says how many, so that the
 * bits do not depend on the number of threads.
 * @param floats of all rows
 * @param size sums of each part
 */
export const partsOf = (floats: number, extent: number, size: number): number =>
  Math.max(1, Math.min(MOST_PARTS, extent, Math.floor(floats / Math.max(SUMMED, 8 * size))));

/** The first row of a part. */
export const partAt = (part: number, extent: number, parts: number): number => Math.floor((extent * part) / parts);

/** Adds all tables of sums to the first one. */
export function addTables(sums: Float64Array, size: number): void {
  for (let at = size; at < sums.length; at += size) for (let i = 0; i < size; i++) sums[i] += sums[at + i];
}

/** Floats of a unit of runs of floats, and units of a task at least: 2 microseconds of the fastest kernels. */
const PART = 1 << 10;
const LEAST = 4;

/** Units of work on runs of `count` floats: `some` does a number of floats from so many bytes on. */
export const inParts = (count: number, some: (work: Work, at: number, floats: number, own: Address) => void): Plan => ({
  bytes: 0,
  units: Math.ceil(count / PART),
  least: LEAST,
  run: (work, begin, end, own) => some(work, begin * PART * 4, Math.min(count, end * PART) - begin * PART, own),
});

/** Rows of so many floats that are a task at least. */
export const leastRows = (floats: number): number => Math.ceil((PART * LEAST) / floats);

/**
 * Units of work along several axes: a table of them stands in scratch, and threads share the first one.
 * @param axes an extent each, and whatever else the kernel wants to know
 * @param floats of the result for one index of the first axis
 * @param some does `count` indices of the first axis, from `begin` on; the table ends at `end`
 */
export function overAxes(
  axes: readonly (readonly number[])[],
  floats: number,
  some: (work: Work, begin: number, count: number, end: Address, own: Address) => void,
): Plan {
  const words = axes.flat();
  const bytes = words.length * 4;
  return {
    ...{ bytes, units: axes[0]?.[0], least: leastRows(floats) },
    prepare: bytes > 0 ? ({ arena, scratch }) => arena.i32(scratch, words.length).set(words) : undefined,
    run: (work, begin, end, own) => some(work, begin, end - begin, work.scratch + bytes, own),
  };
}

/** A plan as a job whose operands are the inputs, then `results` of them. */
export function jobOf(kernels: Kernels, arena: Arena, plan: Plan, results = 1): Job {
  const work = (operands: readonly Address[], scratch: Address): Work => {
    const inputs = operands.length - results;
    return { kernels, arena, from: operands.slice(0, inputs), to: operands.slice(inputs), scratch };
  };
  const steps: Step<readonly Address[]>[] = [];
  for (let stage: Stage | undefined = plan; stage; stage = stage.after) {
    const { units = 1, least, prepare, run } = stage;
    if (prepare)
      steps.push({ units: 1, run: (operands, _begin, _end, _own, shared) => prepare(work(operands, shared)) });
    steps.push({
      units,
      least,
      run: (operands, begin, end, own, shared) => run(work(operands, shared), begin, end, own),
    });
  }
  return { ownBytes: plan.ownBytes ?? 0, sharedBytes: plan.bytes, steps, dispose() {} };
}

/** Runs a plan on tensors, which are brought into memory unless they are there. */
export function run(
  inputs: readonly (Tensor | IndexTensor | undefined)[],
  outputs: readonly (Output | undefined)[],
  plan: Plan,
): Tensor[] {
  const { on, kernels } = nn();
  return runJob(on, jobOf(kernels, on.arena, plan, outputs.length), inputs, outputs) as Tensor[];
}

export const named = (operand: string, { data }: Tensor | IndexTensor): Input => ({ operand, data });

const sameView = (a: Input['data'], b: Input['data']) =>
  a.buffer === b.buffer && a.byteOffset === b.byteOffset && a.byteLength === b.byteLength;

/**
 * Checks `out`, undefined when there is none. `inPlace`: it may be an operand of its shape, since each number is read
 * before it is written.
 */
export function outOf(
  out: unknown,
  shape: readonly number[],
  inputs: readonly Input[],
  inPlace = false,
): Tensor | undefined {
  if (out === undefined) return undefined;
  const data = (out as Tensor)?.data;
  const apart = inPlace && ArrayBuffer.isView(data) ? inputs.filter((input) => !sameView(input.data, data)) : inputs;
  return checkOut(out, shape, apart);
}

/** Writes a record of 32-bit words. */
export function writeRecord<const Fields extends readonly string[]>(
  arena: Arena,
  fields: Fields,
  at: Address,
  values: Readonly<Record<Fields[number], number>>,
): void {
  const words = arena.i32(at, fields.length);
  const floats = arena.f32(at, fields.length);
  fields.forEach((field: Fields[number], i) => {
    if (isFloat(field)) floats[i] = values[field];
    else words[i] = values[field];
  });
}
