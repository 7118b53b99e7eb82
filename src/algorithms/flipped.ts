import type { ConvProblem } from '../types.js';
import type { Address } from '../wasm/arena.js';
import type { Host } from '../wasm/host.js';
import { fromView } from '../wasm/view.js';
import { col2imCost, flippedCost, residueCost } from './input-grad-cost.js';
import { axesOf } from './residues.js';
import type { ConvRow } from './row.js';
import { staged } from './staged.js';
import { transposedProblem } from './transposed-problem.js';

/**
 * Zeros around gradY that make the convolution by the flipped kernel yield all of gradX: d (k - 1) - p before it, the
 * rest behind it. May be negative.
 */
function pads(p: ConvProblem): readonly (readonly [number, number])[] {
  return axesOf(p).map(({ input, output, kernel, dilation, padding }) => {
    const reach = dilation * (kernel - 1);
    const begin = reach - padding;
    return [begin, input + reach - output - begin];
  });
}

/**
 * Exchanges input and output channels of every group: [oc][ic / groups] to [ic][oc / groups], or the same with channels
 * last. `spare`: as `to`.
 */
function exchange({ exports }: Host, p: ConvProblem, from: Address, to: Address, spare: Address): void {
  const taps = p.kd * p.kh * p.kw;
  const icg = p.ic / p.groups;
  const ocg = p.oc / p.groups;
  const groupBytes = icg * ocg * taps * 4;
  for (let group = 0; group < p.groups; group++) {
    if (p.weightsLast) {
      for (let tap = 0; tap < taps; tap++) {
        const source = from + (tap * icg * p.oc + group * ocg) * 4;
        exports.transpose(to + (tap * ocg * p.ic + group * icg) * 4, p.ic * 4, source, p.oc * 4, icg, ocg);
      }
      continue;
    }
    // [ocg][icg taps] -> [icg taps][ocg], then [taps][ocg] -> [ocg][taps] for every input channel
    const [source, target] = [from + group * groupBytes, to + group * groupBytes];
    exports.transpose(taps === 1 ? target : spare, ocg * 4, source, icg * taps * 4, ocg, icg * taps);
    for (let c = 0; taps > 1 && c < icg; c++) {
      const at = c * ocg * taps * 4;
      exports.transpose(target + at, taps * 4, spare + at, ocg * 4, taps, ocg);
    }
  }
}

/** The forward convolution of gradY that yields gradX. */
function forward(p: ConvProblem): ConvProblem {
  const [[pd, pdEnd], [ph, phEnd], [pw, pwEnd]] = pads(p);
  return { ...transposedProblem(p), pd, pdEnd, ph, phEnd, pw, pwEnd, flipKernel: !p.flipKernel };
}

/**
 * Stride 1: the input gradient is a convolution of gradY with the kernel flipped and its channels exchanged, so
 * the forward table serves it.
 * @param serve chooses the forward row
 * @param isTile whether that row is the tile over pixel addresses: the residue row is that too, and reads the weights
 * as they are
 */
export const flippedBy = (
  serve: (problem: ConvProblem) => ConvRow,
  isTile: (row: ConvRow, problem: ConvProblem) => boolean = () => false,
): ConvRow => ({
  name: 'flipped',
  accuracy: 'high',
  refuses(p) {
    const strided = axesOf(p).find(({ stride, output }) => stride > 1 && output > 1);
    if (strided) return `stride ${strided.stride}`;
    const cropped = pads(p).some(([begin, end]) => begin < 0 || end < 0);
    return cropped ? 'padding beyond the reach of the kernel' : null;
  },
  declines(p) {
    const q = forward(p);
    const row = serve(q);
    if (isTile(row, q)) return `the forward row would be ${row.name}, which needs no exchange of channels here`;
    const times = flippedCost(p, row.relativeCost?.(q) ?? 1) / Math.min(residueCost(p), col2imCost(p));
    return times <= 1 ? null : `it would take ${times.toFixed(1)} times as long as another row`;
  },
  prepare(host, p, weight, bias) {
    const { arena } = host;
    const q = forward(p);
    // one channel on either side of every group: nothing to exchange
    if (p.ic === p.groups && p.oc === p.groups) return serve(q).prepare(host, q, weight, bias);
    return arena.scratch(2 * weight.length * 4, (to) => {
      staged(host, weight, (from) => exchange(host, p, from, to, to + weight.length * 4));
      return fromView(host, arena.f32(to, weight.length), (exchanged) => serve(q).prepare(host, q, exchanged, bias));
    });
  },
});
