import type { ConvProblem } from '../types.js';
import type { Host } from '../wasm/host.js';
import type { ConvAlgorithm } from './algorithm.js';
import { type InputGradAlgorithm, turned } from './input-grad.js';
import { axesOf } from './residues.js';

/** Zeros around gradY that make the turned convolution yield all of gradX: d (k - 1) - p before it, the rest behind it. May be negative. */
function pads(p: ConvProblem): readonly (readonly [number, number])[] {
  return axesOf(p).map(({ input, output, kernel, dilation, padding }) => {
    const reach = dilation * (kernel - 1);
    const begin = reach - padding;
    return [begin, input + reach - output - begin];
  });
}

/** Weights with input and output channels of every group exchanged: [oc][ic / groups] to [ic][oc / groups], or the same with channels last. */
function exchanged({ arena, exports }: Host, p: ConvProblem, weight: Float32Array): Float32Array {
  const taps = p.kd * p.kh * p.kw;
  const icg = p.ic / p.groups;
  const ocg = p.oc / p.groups;
  const bytes = weight.length * 4;
  const groupBytes = icg * ocg * taps * 4;
  return arena.scratch(2 * bytes + groupBytes, (from) => {
    const to = from + bytes;
    const between = to + bytes;
    arena.f32(from, weight.length).set(weight);
    for (let group = 0; group < p.groups; group++) {
      if (p.channelsLast) {
        for (let tap = 0; tap < taps; tap++) {
          const place = (to: number, width: number) => to + (tap * icg * p.oc + group * width) * 4;
          exports.transpose(place(to, icg), p.ic * 4, place(from, ocg), p.oc * 4, icg, ocg);
        }
        continue;
      }
      // [ocg][icg taps] -> [icg taps][ocg], then [taps][ocg] -> [ocg][taps] for every input channel
      exports.transpose(between, ocg * 4, from + group * groupBytes, icg * taps * 4, ocg, icg * taps);
      for (let c = 0; c < icg; c++) {
        const at = c * ocg * taps * 4;
        exports.transpose(to + group * groupBytes + at, taps * 4, between + at, ocg * 4, taps, ocg);
      }
    }
    return arena.f32(to, weight.length).slice();
  });
}

/**
 * Stride 1: the input gradient is a convolution of gradY with the kernel turned round and its channels exchanged, so the forward table serves it.
 * @param serve chooses the forward row
 */
export const flippedBy = (serve: (problem: ConvProblem) => ConvAlgorithm): InputGradAlgorithm => ({
  name: 'flipped',
  accuracy: 'high',
  refuses(p) {
    const strided = axesOf(p).find(({ stride, output }) => stride > 1 && output > 1);
    if (strided) return `stride ${strided.stride}`;
    if (
      pads(p)
        .flat()
        .some((cells) => cells < 0)
    )
      return 'padding beyond the reach of the kernel';
    return null;
  },
  prepare(host, p, weight, bias, clamp) {
    const [[pd, pdEnd], [ph, phEnd], [pw, pwEnd]] = pads(p);
    const q: ConvProblem = { ...turned(p, clamp), pd, pdEnd, ph, phEnd, pw, pwEnd, flipKernel: !p.flipKernel };
    return serve(q).prepare(host, q, exchanged(host, p, weight), bias);
  },
});
