import type { ConvProblem } from '../types.js';
import type { Address } from '../wasm/arena.js';
import type { Host } from '../wasm/host.js';
import type { Strides } from '../wasm/records.js';
import { fromView } from '../wasm/view.js';
import type { WeightOrder } from './panels.js';
import type { Residues } from './residues.js';
import type { Points } from './winograd/points.js';
import { prepareWinograd, type WinogradKernel } from './winograd/prepare.js';

/** The convolution of one class over the image of `whole`, without its offset. */
export const classProblem = (whole: ConvProblem, [z, y, x]: Residues): ConvProblem => ({
  ...whole,
  ...{ kd: z.taps.length, kh: y.taps.length, kw: x.taps.length },
  ...{ dd: z.step, dh: y.step, dw: x.step, od: z.count, oh: y.count, ow: x.count },
});

/** The same over the padded image of `whole`, as Winograd's tiles see it: channels last, what they read outside is zeros. */
export const tileless = (whole: ConvProblem, residues: Residues): ConvProblem => ({
  ...classProblem(whole, residues),
  ...{ channelsLast: true, weightsLast: true, pdEnd: 0, phEnd: 0, pwEnd: 0 },
  ...{ id: whole.pd + whole.id + whole.pdEnd, ih: whole.ph + whole.ih + whole.phEnd, iw: whole.pw + whole.iw + whole.pwEnd },
  ...{ pd: -whole.pd - residues[0].origin, ph: -whole.ph - residues[1].origin, pw: -whole.pw - residues[2].origin },
});

/** Binds a class to its weights at `weight`, which are brought into the order [taps][input channels of a group][output channels]. */
export function prepareTransformed(
  host: Host,
  seen: ConvProblem,
  points: Points,
  weight: Address,
  { group, k, n, taps }: WeightOrder,
  bias: Float32Array | undefined,
  y: Strides,
): WinogradKernel {
  const { arena, exports } = host;
  const icg = seen.ic / seen.groups;
  const ocg = seen.oc / seen.groups;
  const count = taps.length * icg * seen.oc;
  return arena.scratch(count * 4, (at) => {
    for (const [tap, offset] of taps.entries()) {
      for (let part = 0; part < seen.groups; part++) {
        const from = weight + (part * group + offset) * 4;
        const to = at + (tap * icg * seen.oc + part * ocg) * 4;
        if (k === 1) exports.transpose(to, seen.oc * 4, from, n * 4, ocg, icg);
        else for (let c = 0; c < icg; c++) arena.f32(to + c * seen.oc * 4, ocg).set(arena.f32(from + c * k * 4, ocg));
      }
    }
    return fromView(arena, arena.f32(at, count), (order) => prepareWinograd(host, seen, points, order, bias, y));
  });
}
