import { checkOut, type Input } from '../shape/tensor.js';
import type { IndexTensor, Tensor } from '../types.js';
import type { Address, Arena } from '../wasm/arena.js';
import { type Output, runOn } from '../wasm/operands.js';
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

/** What kernels do with operands of known shapes: worked out once, run any number of times. */
export interface Plan {
  /** Scratch of a run, in bytes. */
  readonly bytes: number;
  run(work: Work): void;
}

/** Runs kernels on tensors, which are brought into memory unless they are there. */
export function run(
  inputs: readonly (Tensor | IndexTensor | undefined)[],
  outputs: readonly (Output | undefined)[],
  scratchBytes: number,
  work: (work: Work) => void,
): Tensor[] {
  const { on, kernels } = nn();
  return runOn(on, inputs, outputs, scratchBytes, (from, to, scratch) =>
    work({ kernels, arena: on.arena, from, to, scratch }),
  ) as Tensor[];
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
