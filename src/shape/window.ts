import { OptionError } from '../errors.js';
import type { PaddingMode, Rank, WindowExtents } from '../types.js';
import { axisNames, type Pair, type WindowAxis } from './extent.js';
import { checkSize, maxElements } from './tensor.js';

/** One window per spatial axis, from lists in the order of the shape. */
export function windowAxes(
  input: readonly number[],
  kernel: readonly number[],
  stride: readonly number[],
  dilation: readonly number[],
): WindowAxis[] {
  const names = axisNames[input.length as Rank];
  return names.map((name, a) => ({
    name,
    input: input[a],
    kernel: kernel[a],
    stride: stride[a],
    dilation: dilation[a],
  }));
}

/**
 * Kernels add strides and dilations to paddings in i32. No padded axis is longer than `maxElements`, so that a larger
 * step leads from the first window or tap to none, like this one.
 */
const bounded = (steps: readonly number[]) => steps.map((step) => Math.min(step, maxElements));

/** The record of every derived extent, with missing leading axes filled in. */
export function windowExtents(
  n: number,
  channelsLast: boolean,
  axes: readonly WindowAxis[],
  pads: readonly Pair[],
  output: readonly number[],
): WindowExtents {
  const of = (field: 'input' | 'kernel' | 'stride' | 'dilation') => axes.map((axis) => axis[field]);
  const [id, ih, iw] = leading(of('input'), 1);
  const [kd, kh, kw] = leading(of('kernel'), 1);
  const [od, oh, ow] = leading(output, 1);
  const [sd, sh, sw] = leading(bounded(of('stride')), 1);
  const [dd, dh, dw] = leading(bounded(of('dilation')), 1);
  const side = (end: 0 | 1) => pads.map((pair) => pair[end]);
  const [pd, ph, pw] = leading(side(0), 0);
  const [pdEnd, phEnd, pwEnd] = leading(side(1), 0);
  const rank = axes.length as Rank;
  return {
    rank,
    channelsLast,
    n,
    id,
    ih,
    iw,
    kd,
    kh,
    kw,
    od,
    oh,
    ow,
    sd,
    sh,
    sw,
    dd,
    dh,
    dw,
    pd,
    ph,
    pw,
    pdEnd,
    phEnd,
    pwEnd,
  };
}

/** Values of the axes d, h, w, with `missing` for leading axes that are not there. */
export function leading(values: readonly number[], missing: number): readonly number[] {
  return [...new Array<number>(3 - values.length).fill(missing), ...values];
}

/** Refuses a padded input that could not be addressed. */
export function checkPaddedSize(
  operand: string,
  n: number,
  c: number,
  axes: readonly WindowAxis[],
  pads: readonly Pair[],
): void {
  checkSize(`padded ${operand}`, [n, c, ...axes.map((axis, a) => axis.input + pads[a][0] + pads[a][1])]);
}

/**
 * Refuses padding that would reflect or wrap round more than once: reflect needs padding < input, circular padding <=
 * input.
 */
export function checkPaddingMode(mode: PaddingMode, axes: readonly WindowAxis[], pads: readonly Pair[]): void {
  if (mode === 'zeros' || mode === 'replicate') return;
  axes.forEach(({ name, input }, a) => {
    const most = mode === 'reflect' ? input - 1 : input;
    const largest = Math.max(...pads[a]);
    if (largest > most) {
      throw new OptionError(
        `padding of ${name} is ${largest}, paddingMode "${mode}" allows at most ${most} for ${name} ${input}`,
      );
    }
  });
}
