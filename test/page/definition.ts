import type { Config } from '../../examples/page/src/explorer/config.js';
import { avgPool, conv, convTranspose, maxPool, type Operand, type Result } from '../reference/index.js';

/** The output of a configuration by the textbook loops. */
export function definition(config: Config, x: Operand, weight: Operand | undefined): Pick<Result, 'data' | 'shape'> {
  const { operator, kernel: kernelSize, stride, dilation, groups, mode: paddingMode, outputPadding } = config;
  const padding = config.rule === 'number' ? config.padding : config.rule;
  if (operator === 'conv') return conv(x, weight!, { stride, padding, dilation, groups, paddingMode });
  if (operator === 'transposed') return convTranspose(x, weight!, { stride, padding, dilation, groups, outputPadding });
  if (operator === 'avg') return avgPool(x, { kernelSize, stride, padding });
  return maxPool(x, { kernelSize, stride, padding, dilation });
}
