import { readOuts } from '../shape/backward.js';
import { checkOut, type Input } from '../shape/tensor.js';
import type { Tensor } from '../types.js';
import type { Output } from '../wasm/operands.js';

/** Results of an operator with several gradients: those that are wanted, each in `out` or new. */
export interface GradientOutputs {
  /** In the order of `grads`; undefined where one is not wanted. */
  readonly outputs: readonly ((Output & { readonly accumulate: boolean }) | undefined)[];
  /** The results by the names that the caller knows. */
  named(tensors: readonly unknown[]): Record<string, Tensor>;
}

/**
 * Checks `out` of an operator with several gradients.
 * @param grads names of the results by the names under `wanted`
 * @param inputs operands that no result may overlap
 */
export function gradientOutputs<Name extends string>(
  grads: Readonly<Partial<Record<Name, string>>>,
  wanted: Readonly<Record<Name, boolean>>,
  shapes: Readonly<Record<Name, readonly number[]>>,
  out: unknown,
  accumulate: boolean,
  inputs: readonly Input[],
): GradientOutputs {
  const known = Object.entries(grads) as [Name, string][];
  const outs = readOuts(
    out,
    known.map(([, grad]) => grad),
    accumulate,
  );
  const taken = [...inputs];
  const outputs = known.map(([name, grad]) => {
    if (!wanted[name]) return undefined;
    const shape = shapes[name];
    const operand = `out.${grad}`;
    const given = outs[grad];
    if (given === undefined) return { shape, accumulate: false };
    const checked = checkOut(given, shape, taken, operand);
    taken.push({ operand, data: checked.data });
    return { shape, out: checked, accumulate };
  });
  return {
    outputs,
    named: (tensors) =>
      Object.fromEntries(known.flatMap(([, grad], i) => (outputs[i] ? [[grad, tensors[i] as Tensor]] : []))),
  };
}
