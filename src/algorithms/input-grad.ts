import type { ConvProblem } from '../types.js';
import type { Address } from '../wasm/arena.js';
import type { Host } from '../wasm/host.js';

/** A kernel bound to a problem and its weights. Operands stand in linear memory in the caller's layout. */
export interface InputGradKernel {
  /** Scratch of one run, in bytes. */
  readonly scratchBytes: number;
  /**
   * gradX[i] = clamp(bias + addend + sum over k, o with o s + k d - p = i of gradY[o] weight[k]). `addend` is laid out as gradX, and may be gradX
   * itself; 0 for none. `scratch`: `scratchBytes` bytes.
   */
  run(gradY: Address, gradX: Address, addend: Address, scratch: Address): void;
  /** Gives the packed weights back. */
  dispose(): void;
}

/** One row of the plan table for input gradients, which are transposed convolutions. */
export interface InputGradAlgorithm {
  readonly name: string;
  /** `standard`: rounding errors of another order than direct summation's. */
  readonly accuracy: 'standard' | 'high';
  /** Why this row cannot serve a problem, or null. The problem is the direct convolution. */
  refuses(problem: ConvProblem): string | null;
  /** Why another row is faster, or null. Not asked when the caller insists on this one. */
  declines?(problem: ConvProblem): string | null;
  /**
   * Packs the weights of the direct convolution.
   * @param bias one number per input channel of the direct convolution; only with zero padding
   * @param clamp bounds of the result, instead of the problem's; only with zero padding
   */
  prepare(
    host: Host,
    problem: ConvProblem,
    weight: Float32Array,
    bias: Float32Array | undefined,
    clamp: readonly [number, number],
  ): InputGradKernel;
}

/** The problem the other way round, gradY to gradX: what a stride-1 convolution of the same kernel needs, with no padding yet. */
export function turned(p: ConvProblem, clamp: readonly [number, number]): ConvProblem {
  return {
    ...p,
    ...{ ic: p.oc, oc: p.ic, id: p.od, ih: p.oh, iw: p.ow, od: p.id, oh: p.ih, ow: p.iw },
    ...{ sd: 1, sh: 1, sw: 1, pd: 0, ph: 0, pw: 0, pdEnd: 0, phEnd: 0, pwEnd: 0 },
    ...{ xShape: p.yShape, yShape: p.xShape, paddingMode: 'zeros', algorithm: undefined, clamp },
  };
}
