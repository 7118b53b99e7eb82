import { readOuts } from '../shape/backward.js';
import type { Tensor } from '../types.js';
import type { Output } from '../wasm/operands.js';
import { type Operands, outOf } from './result.js';

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
 * @param operands that no result may overlap
 */
export function gradientOutputs<Name extends string>(
  grads: Readonly<Partial<Record<Name, string>>>,
  wanted: Readonly<Record<Name, boolean>>,
  shapes: Readonly<Record<Name, readonly number[]>>,
  out: unknown,
  accumulate: boolean,
  operands: Operands,
): GradientOutputs {
  const known = Object.entries(grads) as [Name, string][];
  const outs = readOuts(
    out,
    known.map(([, grad]) => grad),
    accumulate,
  );
  const taken: Record<string, Operands[string]> = { ...operands };
  const outputs = known.map(([name, grad]) => {
    if (!wanted[name]) return undefined;
    const shape = shapes[name];
    const operand = `out.${grad}`;
    const given = outOf(outs[grad], shape, taken, operand);
    taken[operand] = given;
    return { shape, out: given, accumulate: accumulate && given !== undefined };
  });
  return {
    outputs,
    named: (tensors) =>
      Object.fromEntries(known.flatMap(([, grad], i) => (outputs[i] ? [[grad, tensors[i] as Tensor]] : []))),
  };
}
