import { readOuts } from '../shape/backward.js';
import { checkOut, type Input } from '../shape/tensor.js';
import type { Tensor } from '../types.js';
import type { Output } from '../wasm/operands.js';

/** Results of an operator with several gradients: those that are wanted, each in `out` or new. */
export interface GradientOutputs<Name extends string> {
  readonly outputs: readonly (Output & { readonly accumulate: boolean })[];
  /** Place of a gradient among the outputs; -1 where it is not wanted. */
  place(name: Name): number;
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
): GradientOutputs<Name> {
  const known = Object.entries(grads) as [Name, string][];
  const results = known.filter(([name]) => wanted[name]);
  const outs = readOuts(
    out,
    known.map(([, grad]) => grad),
    accumulate,
  );
  const taken = [...inputs];
  const outputs = results.map(([name, grad]) => {
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
    place: (name) => results.findIndex(([known]) => known === name),
    named: (tensors) => Object.fromEntries(results.map(([, grad], i) => [grad, tensors[i] as Tensor])),
  };
}
