import type { ConvProblem } from '../../types.js';
import type { Address } from '../../wasm/arena.js';
import type { Host } from '../../wasm/host.js';

/** How a core lays out its sum: [taps][ic / groups][oc], or [oc][taps][ic / groups]. */
export type SumOrder = 'oc-last' | 'oc-first';

const round64 = (bytes: number) => Math.ceil(bytes / 64) * 64;

/** Where a core sums: in the result itself where the caller's layout is the core's, else in scratch, from where it is brought into place. */
export function weightSum({ arena, exports }: Host, p: ConvProblem, order: SumOrder) {
  const taps = p.kd * p.kh * p.kw;
  const icg = p.ic / p.groups;
  const floats = taps * icg * p.oc;
  const inPlace = order === 'oc-last' && p.channelsLast && (!p.flipKernel || taps === 1);
  const [fromTap, fromC, fromO] = order === 'oc-last' ? [icg * p.oc, p.oc, 1] : [icg, 1, taps * icg];
  const [step, toC, toO] = p.channelsLast ? [icg * p.oc, p.oc, 1] : [1, taps, icg * taps];
  const toTap = p.flipKernel ? -step : step;
  const begin = p.flipKernel ? (taps - 1) * step * 4 : 0;
  return {
    /** Bytes of scratch. */
    bytes: inPlace ? 0 : round64(floats * 4),
    /** Where to add, cleared or with what is there to be kept. */
    open(gradWeight: Address, accumulate: boolean, scratch: Address): Address {
      const sum = inPlace ? gradWeight : scratch;
      if (!inPlace || !accumulate) arena.f32(sum, floats).fill(0);
      return sum;
    },
    /** Brings the sum into the caller's layout. */
    close(gradWeight: Address, accumulate: boolean, sum: Address): void {
      if (inPlace) return;
      const to = gradWeight + begin;
      exports.placeWeights(to, toTap, toC, toO, sum, fromTap, fromC, fromO, taps, icg, p.oc, accumulate ? 1 : 0);
    },
  };
}
