import { checkOut, type Input, sizeOf } from '../shape/tensor.js';
import type { IndexTensor, Tensor } from '../types.js';
import { type Job, runJob } from '../wasm/crew.js';
import { type Host, host } from '../wasm/host.js';
import type { Output } from '../wasm/operands.js';

/** Operands by the names that messages have for them; undefined where one is not given. */
export type Operands = Readonly<Record<string, Pick<Tensor | IndexTensor, 'data'> | undefined>>;

/** Those that are given. In a loop, because layers that run once again come here. */
export function inputsOf(operands: Operands): Input[] {
  const inputs: Input[] = [];
  for (const operand in operands) {
    const given = operands[operand];
    if (given) inputs.push({ operand, data: given.data });
  }
  return inputs;
}

/** Checks `out`, which may not overlap the operands; undefined where none is given. */
export const outOf = (out: unknown, shape: readonly number[], operands: Operands, name = 'out'): Tensor | undefined =>
  out === undefined ? undefined : checkOut(out, shape, inputsOf(operands), name);

/** The result of a job, which is made only where there are elements to compute. */
export function resultOf<R, Operands extends readonly number[]>(
  inputs: readonly (Tensor | IndexTensor | undefined)[],
  output: Output,
  make: (on: Host) => Job<Operands>,
): R {
  const { shape, out } = output;
  if (sizeOf(shape) === 0) return (out ?? { data: new Float32Array(0), shape }) as R;
  const on = host();
  return runJob(on, make(on), inputs, [output])[0] as R;
}
