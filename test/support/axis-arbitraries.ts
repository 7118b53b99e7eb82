import fc from 'fast-check';

const AXES = ['d', 'h', 'w'] as const;

export const int = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max });

/** The largest kernel and the most input beyond it, per rank, so that a case stays a fraction of a million products. */
const SIZES = { 1: { kernel: 7, beyond: 17 }, 2: { kernel: 5, beyond: 7 }, 3: { kernel: 3, beyond: 3 } } as const;

export type Rank = 1 | 2 | 3;

export interface Axis {
  readonly i: number;
  readonly k: number;
  readonly s: number;
  readonly d: number;
  readonly begin: number;
  readonly end: number;
  /** Output padding. */
  readonly op: number;
  /** Output extent of an adaptive pool. */
  readonly o: number;
}

/** One axis whose input is at least `least(axis)`. */
const axisOf = (rank: Rank, dilations: boolean, least: (axis: Omit<Axis, 'i'>) => number): fc.Arbitrary<Axis> =>
  fc
    .record({
      k: int(1, SIZES[rank].kernel),
      s: fc.oneof({ arbitrary: fc.constant(1), weight: 2 }, { arbitrary: int(1, SIZES[rank].kernel + 1), weight: 3 }),
      d: dilations
        ? fc.oneof({ arbitrary: fc.constant(1), weight: 2 }, { arbitrary: int(1, 3), weight: 1 })
        : fc.constant(1),
      begin: int(0, 4),
      end: int(0, 4),
      op: int(0, 3),
      o: int(1, 6),
      beyond: int(0, SIZES[rank].beyond),
    })
    .map(({ beyond, ...axis }) => ({ ...axis, i: Math.max(1, least(axis)) + beyond }));

/** Cells from the first tap to the last. */
export const span = ({ k, d }: Pick<Axis, 'k' | 'd'>): number => d * (k - 1) + 1;

const ALL = ['i', 'k', 's', 'd', 'p', 'op', 'o'] as const;
type Segment = (typeof ALL)[number];

const fieldOf = (segment: Segment, name: string, axis: Axis): string =>
  segment === 'p' ? `p${name}${axis.begin}p${name}e${axis.end}` : `${segment}${name}${axis[segment]}`;

/** The chosen fields of every axis as segments, those of `outer` before the extents and the kernels. */
export function axisSegments(
  axes: readonly Axis[],
  outer: { readonly i: string; readonly k: string },
  wanted: readonly Segment[],
): string[] {
  return wanted.map((segment) => {
    const fields = axes.map((axis, a) => fieldOf(segment, AXES[3 - axes.length + a], axis)).join('');
    return (segment === 'i' ? outer.i : segment === 'k' ? outer.k : '') + fields;
  });
}

/** One axis per spatial axis of a rank. */
export const axesOf = (
  rank: Rank,
  dilations: boolean,
  least: (axis: Omit<Axis, 'i'>) => number,
): fc.Arbitrary<Axis[]> => fc.tuple(...Array.from({ length: rank }, () => axisOf(rank, dilations, least)));
