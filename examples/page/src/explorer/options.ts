import type { Config } from './config.js';
import type { Pads } from './pads.js';

/** The padding's word, or its numbers, as the library takes both. */
const paddingOf = ({ rule, padding }: Config) => (rule === 'number' ? padding : rule);

const shared = (config: Config) => ({
  stride: config.stride,
  dilation: config.dilation,
  groups: config.groups,
  padding: paddingOf(config),
});

export const convOptions = (config: Config) => ({ ...shared(config), paddingMode: config.mode });

export const transposedOptions = (config: Config) => ({ ...shared(config), outputPadding: config.outputPadding });

export const avgOptions = (config: Config) => ({
  kernelSize: config.kernel,
  stride: config.stride,
  padding: paddingOf(config),
});

export const maxOptions = (config: Config) => ({ ...avgOptions(config), dilation: config.dilation });

/** The pool's window as a convolution, channel by channel. */
export const windowOptions = ({ operator, stride, dilation }: Config, padding: Pads, groups: number) => ({
  stride,
  padding,
  dilation: operator === 'avg' ? 1 : dilation,
  groups,
});
