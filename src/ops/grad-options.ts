import { OptionError } from '../errors.js';
import { checkOptions, flag } from '../shape/options.js';

/** What a gradient takes beyond the options of its forward operator. */
export interface GradOptions {
  /** The gradient is added to what `out` holds; default false. */
  readonly accumulate?: boolean | undefined;
}

/**
 * Separates `accumulate` from the options of the forward operator.
 * @throws OptionError for an unknown option, or
 * `accumulate` without `out`
 */
export function gradOptions(operator: string, options: unknown, known: readonly string[]) {
  const { accumulate: asked, ...forward } = checkOptions(operator, options, [...known, 'accumulate']);
  const accumulate = flag('accumulate', asked, false);
  if (accumulate && forward.out === undefined)
    throw new OptionError('accumulate is true without out, expected the tensor to add to');
  return { accumulate, forward };
}
