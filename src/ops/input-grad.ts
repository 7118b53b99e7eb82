import { OptionError } from '../errors.js';
import { checkOptions, flag } from '../shape/options.js';
import { checkOut, checkShaped, sizeOf } from '../shape/tensor.js';
import type { Tensor } from '../types.js';
import type { Host } from '../wasm/host.js';
import { runOn } from '../wasm/operands.js';
import { fromView } from '../wasm/view.js';
import type { Kernel } from './prepared-conv.js';

/** What an input gradient takes beyond the options of its forward operator. */
export interface GradOptions {
  /** The gradient is added to what `out` holds; default false. */
  readonly accumulate?: boolean;
}

/** Separates `accumulate` from the options of the forward operator. @throws OptionError for an unknown option, or `accumulate` without `out` */
export function gradOptions(operator: string, options: unknown, known: readonly string[]) {
  const { accumulate: asked, ...forward } = checkOptions(operator, options, [...known, 'accumulate']);
  const accumulate = flag('accumulate', asked, false);
  if (accumulate && forward.out === undefined)
    throw new OptionError('accumulate is true without out, expected the tensor to add to');
  return { accumulate, forward };
}

/** A gradient to be computed: checked shapes, and the kernel to come. */
export interface Gradient {
  readonly gradY: Tensor;
  readonly weight: Tensor;
  readonly gradYShape: readonly number[];
  readonly xShape: readonly number[];
  readonly out: unknown;
  readonly accumulate: boolean;
  prepare(weight: Float32Array): Kernel;
}

/** Checks `gradY` and `out`, and runs the kernel once. */
export function runGradient(on: Host, { gradY, weight, gradYShape, xShape, accumulate, ...rest }: Gradient): Tensor {
  const inputs = [
    { operand: 'gradY', data: checkShaped('gradY', gradY, gradYShape).data },
    { operand: 'weight', data: weight.data },
  ];
  const out = rest.out === undefined ? undefined : checkOut(rest.out, xShape, inputs);
  if (sizeOf(xShape) === 0) return out ?? { data: new Float32Array(0), shape: xShape };
  const kernel = fromView(on.arena, weight.data, rest.prepare);
  try {
    return runOn(on, [gradY], [{ shape: xShape, out, accumulate }], kernel.scratchBytes, ([from], [to], scratch) =>
      kernel.run(from, to, accumulate ? to : 0, scratch),
    )[0] as Tensor;
  } finally {
    kernel.dispose();
  }
}
