import type { ConvProblem } from '../../types.js';
import type { Address } from '../../wasm/arena.js';
import type { Host } from '../../wasm/host.js';

/** A sum of all taps and channels as a core lays it out: steps in floats. */
export interface Sum {
  readonly at: Address;
  readonly tap: number;
  /** To the next input channel of a group. */
  readonly c: number;
  /** To the next output channel. */
  readonly o: number;
}

/** Output channels that a sum has: every `step`-th from `first`. */
export interface OutputChannels {
  readonly first: number;
  readonly step: number;
  readonly count: number;
}

/** Brings sums into the caller's layout of the weights, reversed where the kernel is flipped. */
export function placement({ exports }: Host, p: ConvProblem) {
  const taps = p.kd * p.kh * p.kw;
  const icg = p.ic / p.groups;
  const [tap, c, o] = p.weightsLast ? [icg * p.oc, p.oc, 1] : [1, taps, icg * taps];
  const begin = p.flipKernel ? (taps - 1) * tap : 0;
  const toTap = p.flipKernel ? -tap : tap;
  const all = { first: 0, step: 1, count: p.oc };
  return (gradWeight: Address, accumulate: number, sum: Sum, { first, step, count }: OutputChannels = all): void => {
    const to = gradWeight + (begin + first * o) * 4;
    exports.placeWeights(to, toTap, c, step * o, sum.at, sum.tap, sum.c, sum.o, taps, icg, count, accumulate);
  };
}

/**
 * Where a core sums: in the result itself where the caller's layout is the core's, else in scratch, from where it is
 * brought into place.
 */
export function weightSum(host: Host, p: ConvProblem, order: 'oc-last' | 'oc-first') {
  const taps = p.kd * p.kh * p.kw;
  const icg = p.ic / p.groups;
  const floats = taps * icg * p.oc;
  const inPlace = order === 'oc-last' && p.weightsLast && (!p.flipKernel || taps === 1);
  const place = placement(host, p);
  const steps = order === 'oc-last' ? { tap: icg * p.oc, c: p.oc, o: 1 } : { tap: icg, c: 1, o: taps * icg };
  return {
    /** Bytes of scratch. */
    bytes: inPlace ? 0 : floats * 4,
    /**
     * Where to sum, and whether to add to what is there. A batch of 0 leaves a sum that nothing is written to: zeros.
     */
    open(gradWeight: Address, accumulate: number, scratch: Address): { readonly sum: Address; readonly keep: boolean } {
      const sum = inPlace ? gradWeight : scratch;
      const keep = inPlace && accumulate === 1;
      if (p.n === 0 && !keep) host.arena.f32(sum, floats).fill(0);
      return { sum, keep };
    },
    /** Brings the sum into the caller's layout. */
    close(gradWeight: Address, accumulate: number, sum: Address): void {
      if (!inPlace) place(gradWeight, accumulate, { at: sum, ...steps });
    },
  };
}
