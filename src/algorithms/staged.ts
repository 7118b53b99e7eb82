import type { ConvProblem } from '../types.js';
import type { Address } from '../wasm/arena.js';
import type { Host } from '../wasm/host.js';
import { tapsOf, type WeightOrder } from './panels.js';

/** Brings weights into linear memory for as long as `work` runs; those that stand there already stay where they are. */
export function staged<T>({ arena }: Host, weight: Float32Array, work: (at: Address) => T): T {
  const home = arena.addressOf(weight);
  if (home !== undefined) return work(home);
  return arena.scratch(weight.length * 4, (at) => {
    arena.f32(at, weight.length).set(weight);
    return work(at);
  });
}

/**
 * As `staged`, for panels whose columns are the input channels of a direct convolution and whose k counts its output
 * channels of a group. Weights with channels last have an order that packs well, [taps][ic / groups][oc]; channels
 * first are brought into [oc][taps][ic / groups].
 */
export function stagedByTap<T>(
  host: Host,
  p: ConvProblem,
  weight: Float32Array,
  work: (at: Address, order: WeightOrder) => T,
): T {
  const { arena, exports } = host;
  const taps = p.kd * p.kh * p.kw;
  const icg = p.ic / p.groups;
  const ocg = p.oc / p.groups;
  const width = taps * icg;
  const places = (step: number) => tapsOf(taps, step, p.flipKernel);
  return staged(host, weight, (from) => {
    if (p.weightsLast) return work(from, { group: ocg, k: 1, n: p.oc, taps: places(icg * p.oc) });
    const order = { group: ocg * width, k: width, n: 1, taps: places(icg) };
    if (taps === 1 || icg === 1) return work(from, order);
    return arena.scratch(weight.length * 4, (to) => {
      for (let o = 0; o < p.oc; o++)
        exports.transpose(to + o * width * 4, icg * 4, from + o * width * 4, taps * 4, icg, taps);
      return work(to, order);
    });
  });
}
