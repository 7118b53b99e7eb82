import type { Tensor } from '../types.js';

/** What a backward call takes besides the options of the forward call: operands `Names`, and gradients of them. */
export interface GradientOptions<Names extends string, Grads> {
  /** Gradients to compute; default: of every operand, and of `c` and `bias` where the forward call had them. */
  readonly wanted?: { readonly [Name in Names]?: boolean | undefined } | undefined;
  /**
   * Written and returned instead of new tensors; may not overlap an operand or each other. Those that are not wanted
   * are left alone.
   */
  readonly out?: Grads | undefined;
  /** Gradients are added to the tensors of `out`; those without one are new. Default false. */
  readonly accumulate?: boolean | undefined;
}

/** The same where the forward call may have an activation. */
export interface ActivatedGradientOptions<Names extends string, Grads> extends GradientOptions<Names, Grads> {
  /** Result of the forward call; needed where that had an activation, whose flat parts let no gradient through. */
  readonly y?: Tensor | undefined;
  /**
   * Sum before the activation: what the forward call gives without one. Needed instead of `y` with silu, hardSwish,
   * gelu, gelu-tanh, softplus, mish, and with a slope below 0.
   */
  readonly preActivation?: Tensor | undefined;
}
