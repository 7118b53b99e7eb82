import { conv2d, type Tensor, tensor } from 'stridewise';
import { transposedAsConv } from 'stridewise/arithmetic';
import type { Evaluation } from './evaluate.js';
import { transposedOptions } from './options.js';

/** A transposed convolution as the direct one that it equals. */
export interface Equivalent {
  /** Zeros between neighbouring cells of the input, on each axis. */
  readonly insertedZeros: readonly number[];
  /** Zeros appended at the end, on each axis. */
  readonly extra: readonly number[];
  /** Zeros at [begin, end]; negative numbers crop. */
  readonly padding: readonly (readonly [number, number])[];
  /** The input with all those zeros, [1, ic, height, width]. */
  readonly stretched: Tensor;
  /** For each cell of a plane of `stretched` the input cell that it holds, −1 where it is a zero. */
  readonly sources: readonly number[];
  /** The kernel turned by half a turn, its channel axes exchanged, [oc, ic / groups, height, width]. */
  readonly weight: Tensor;
  /** The direct convolution of the two: the same numbers as the transposed one. */
  readonly y: Tensor;
}

/** Turns every plane by half a turn, and takes [ic, oc / groups] to [oc, ic / groups] within each group. */
export function turned({ data, shape }: Tensor, groups: number): Tensor {
  const [ic, perOutput, kh, kw] = shape;
  const perInput = ic / groups;
  const taps = kh * kw;
  const result = new Float32Array(data.length);
  for (let input = 0; input < ic; input++) {
    const group = Math.floor(input / perInput);
    for (let o = 0; o < perOutput; o++) {
      const to = (group * perOutput + o) * perInput + (input % perInput);
      for (let tap = 0; tap < taps; tap++)
        result[to * taps + taps - 1 - tap] = data[(input * perOutput + o) * taps + tap];
    }
  }
  return tensor(result, [perOutput * groups, perInput, kh, kw]);
}

export function equivalentOf({ config, x, weight }: Evaluation): Equivalent {
  const { groups, ...window } = transposedOptions(config);
  const axes = transposedAsConv(config.input, { kernelSize: config.kernel, ...window });
  const pads = axes.padding;
  // for each cell of the stretched axis the input cell that it holds
  const held = config.input.map((extent, a) => {
    const [begin, end] = pads[a];
    const length = axes.stretchedSize[a] + axes.extra[a] + begin + end;
    return Array.from({ length }, (_, i) => {
      const at = (i - begin) / config.stride[a];
      return Number.isInteger(at) && at >= 0 && at < extent ? at : -1;
    });
  });
  const [rows, columns] = held;
  const sources = rows.flatMap((row) =>
    columns.map((column) => (row < 0 || column < 0 ? -1 : row * config.input[1] + column)),
  );
  const plane = config.input[0] * config.input[1];
  const stretched = tensor(
    Float32Array.from({ length: config.ic * sources.length }, (_, i) => {
      const source = sources[i % sources.length];
      return source < 0 ? 0 : x.data[Math.floor(i / sources.length) * plane + source];
    }),
    [1, config.ic, rows.length, columns.length],
  );
  const kernel = turned(weight!, groups);
  return {
    insertedZeros: axes.insertedZeros,
    extra: axes.extra,
    padding: pads,
    stretched,
    sources,
    weight: kernel,
    y: conv2d(stretched, kernel, { dilation: config.dilation, groups }),
  };
}
