import fc from 'fast-check';
import type { Flag } from './cases.js';

/** Case strings (see cases.ts) for fast-check: small, asymmetric, at the edges of what is legal. A failing property prints the case itself. */
export type CaseText = fc.Arbitrary<string>;

/** Settings of a property. STRIDEWISE_LONG multiplies the runs and lets the seed vary; without it the cases are the same every time. */
export function propertyRuns(runs = 300): { numRuns: number; seed?: number } {
  const times = Number(process.env.STRIDEWISE_LONG ?? 1);
  return times === 1 ? { numRuns: runs, seed: 20 } : { numRuns: runs * times };
}

const AXES = ['d', 'h', 'w'] as const;

const int = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max });
const flag = (name: Flag): fc.Arbitrary<string> => fc.constantFrom('', name);
const oneOf = (...names: readonly (Flag | '')[]): fc.Arbitrary<string> => fc.constantFrom(...names);

const joined = (segments: readonly string[]): string => segments.filter((segment) => segment !== '').join('_');

/** Batch 0 is legal. */
const batch = fc.oneof({ arbitrary: int(1, 3), weight: 9 }, { arbitrary: fc.constant(0), weight: 1 });

/** The largest kernel and the most input beyond it, per rank, so that a case stays a fraction of a million products. */
const SIZES = { 1: { kernel: 7, beyond: 17 }, 2: { kernel: 5, beyond: 7 }, 3: { kernel: 3, beyond: 3 } } as const;

export type Rank = 1 | 2 | 3;

interface Axis {
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
      d: dilations ? fc.oneof({ arbitrary: fc.constant(1), weight: 2 }, { arbitrary: int(1, 3), weight: 1 }) : fc.constant(1),
      begin: int(0, 4),
      end: int(0, 4),
      op: int(0, 3),
      o: int(1, 6),
      beyond: int(0, SIZES[rank].beyond),
    })
    .map(({ beyond, ...axis }) => ({ ...axis, i: Math.max(1, least(axis)) + beyond }));

const reach = ({ k, d }: Pick<Axis, 'k' | 'd'>): number => d * (k - 1) + 1;

const ALL = ['i', 'k', 's', 'd', 'p', 'op', 'o'] as const;
type Segment = (typeof ALL)[number];

const fieldOf = (segment: Segment, name: string, axis: Axis): string =>
  segment === 'p' ? `p${name}${axis.begin}p${name}e${axis.end}` : `${segment}${name}${axis[segment]}`;

/** `first` and then the chosen fields of every axis, as segments. */
function axisSegments(
  axes: readonly Axis[],
  outer: { readonly i: string; readonly k: string },
  wanted: readonly Segment[],
): string[] {
  return wanted.map((segment) => {
    const fields = axes.map((axis, a) => fieldOf(segment, AXES[3 - axes.length + a], axis)).join('');
    return (segment === 'i' ? outer.i : segment === 'k' ? outer.k : '') + fields;
  });
}

interface Channels {
  readonly g: number;
  readonly ic: number;
  readonly oc: number;
}

/** Widths around the vectors of four and eight, odd ones first. */
const width = fc.constantFrom(1, 3, 2, 5, 7, 4, 9, 8, 17);

const dense = fc.record({ ic: width, oc: width }).map(({ ic, oc }): Channels => ({ g: 1, ic, oc }));

const grouped = fc
  .record({ g: int(2, 3), icg: int(1, 5), ocg: int(1, 5) })
  .map(({ g, icg, ocg }): Channels => ({ g, ic: g * icg, oc: g * ocg }));

/** Depthwise, one to three outputs per channel. */
const depthwise = fc
  .record({ ic: width, multiplier: int(1, 3) })
  .map(({ ic, multiplier }): Channels => ({ g: ic, ic, oc: ic * multiplier }));

export type ChannelKind = 'dense' | 'grouped' | 'depthwise';
const KINDS = { dense, grouped, depthwise } as const;

export interface ConvCaseLimits {
  readonly rank?: Rank;
  readonly kinds?: readonly ChannelKind[];
}

const rankOf = (limits: ConvCaseLimits): fc.Arbitrary<Rank> =>
  limits.rank === undefined ? fc.constantFrom<Rank>(2, 1, 3) : fc.constant(limits.rank);

const channelsOf = (limits: ConvCaseLimits): fc.Arbitrary<Channels> =>
  fc.oneof(...(limits.kinds ?? (['dense', 'grouped', 'depthwise'] as const)).map((kind) => KINDS[kind]));

const layout = flag('nhwc');
const activation = oneOf('', '', 'relu', 'relu6', 'clamp');

/** Padding words; all but `valid` accept any input, the others are as wide as the window. */
const word = oneOf('', '', '', 'valid', 'same', 'samelower', 'full');
const mode = oneOf('', '', 'reflect', 'replicate', 'circular');

/** The least input for which a window fits, and for which no padding mode has to reach round twice. */
function leastInput(paddingWord: string, paddingMode: string, axis: Omit<Axis, 'i'>): number {
  const around = paddingMode === '' ? 1 : Math.max(axis.begin, axis.end) + 1;
  const fits = paddingWord === '' ? reach(axis) - axis.begin - axis.end : 1;
  const inside = paddingWord === 'valid' || (paddingWord !== '' && paddingMode !== '') ? reach(axis) : 1;
  return Math.max(around, fits, inside);
}

/** Convolutions with every option: strides beyond the kernel, kernels beyond the input, all forms and modes of padding, groups, both layouts. */
export const convCase = (limits: ConvCaseLimits = {}): CaseText =>
  fc
    .record({ rank: rankOf(limits), word, mode })
    .chain((given) =>
      fc.record({
        given: fc.constant(given),
        n: batch,
        channels: channelsOf(limits),
        axes: fc.tuple(
          ...Array.from({ length: given.rank }, () => axisOf(given.rank, true, (a) => leastInput(given.word, given.mode, a))),
        ),
        flags: fc.tuple(layout, flag('flip'), flag('bias'), activation),
      }),
    )
    .map(({ given, n, channels: { g, ic, oc }, axes, flags }) => {
      const segments = axisSegments(
        axes,
        { i: `n${n}ic${ic}`, k: `oc${oc}` },
        given.word === '' ? ['i', 'k', 's', 'd', 'p'] : ['i', 'k', 's', 'd'],
      );
      return joined([...segments, `g${g}`, given.word, given.mode, ...flags]);
    });

/** Keeps output padding below max(stride, dilation), and takes padding back until something of the output is left. */
function transposable(axis: Axis): Axis {
  const op = Math.min(axis.op, Math.max(axis.s, axis.d) - 1);
  const room = (axis.i - 1) * axis.s + reach(axis) + op - 1;
  const begin = Math.min(axis.begin, room);
  return { ...axis, op, begin, end: Math.min(axis.end, room - begin) };
}

/** Transposed convolutions with strides, dilation, groups, two-sided padding and output padding. */
export const convTransposeCase = (limits: ConvCaseLimits = {}): CaseText =>
  rankOf(limits)
    .chain((rank) =>
      fc.record({
        n: batch,
        channels: channelsOf(limits),
        axes: fc.tuple(...Array.from({ length: rank }, () => axisOf(rank, true, () => 1).map(transposable))),
        flags: fc.tuple(layout, flag('flip'), flag('bias'), activation),
      }),
    )
    .map(({ n, channels: { g, ic, oc }, axes, flags }) =>
      joined([...axisSegments(axes, { i: `n${n}ic${ic}`, k: `oc${oc}` }, ['i', 'k', 's', 'd', 'p', 'op']), `g${g}`, ...flags]),
    );

/** Shared by the pools: padding may exceed the kernel, so that windows hold no cell of the input. */
const pools = (rank: Rank | undefined, dilations: boolean, more: fc.Arbitrary<string>): CaseText =>
  fc
    .record({ rank: rankOf({ rank }), word })
    .chain((given) =>
      fc.record({
        given: fc.constant(given),
        n: batch,
        ic: width,
        axes: fc.tuple(
          ...Array.from({ length: given.rank }, () => axisOf(given.rank, dilations, (a) => leastInput(given.word, '', a))),
        ),
        flags: fc.tuple(layout, flag('ceil'), more),
      }),
    )
    .map(({ given, n, ic, axes, flags }) => {
      const segments = axisSegments(
        axes,
        { i: `n${n}ic${ic}`, k: '' },
        given.word === '' ? ['i', 'k', 's', 'd', 'p'] : ['i', 'k', 's', 'd'],
      );
      return joined([...segments, given.word, ...flags]);
    });

export const maxPoolCase = (rank?: Rank): CaseText => pools(rank, true, fc.constant(''));

/** With and without the padding in the divisor, and with a divisor of one's own. */
export const avgPoolCase = (rank?: Rank): CaseText => pools(rank, false, fc.constantFrom('', 'exclude', 'divisor3', 'divisor7'));

export const lpPoolCase = (rank?: Rank): CaseText => pools(rank, false, fc.constantFrom('lp1', 'lp2', 'lp3'));

/** For im2col and col2im. */
export const columnCase = (rank?: Rank): CaseText =>
  convCase({ rank, kinds: ['dense'] }).map((text) => joined(text.split('_').filter((segment) => !COLUMN_REFUSES.has(segment))));

const COLUMN_REFUSES = new Set<string>(['reflect', 'replicate', 'circular', 'flip', 'bias', 'relu', 'relu6', 'clamp']);

/** Output extents below, at and above those of the input. */
export const adaptiveCase = (rank?: Rank): CaseText =>
  rankOf({ rank })
    .chain((own) =>
      fc.record({
        n: batch,
        ic: width,
        axes: fc.tuple(...Array.from({ length: own }, () => axisOf(own, false, () => 1))),
        flags: layout,
      }),
    )
    .map(({ n, ic, axes, flags }) => joined([...axisSegments(axes, { i: `n${n}ic${ic}`, k: '' }, ['i', 'o']), flags]));

/** Matrix products around the tiles of 4, 8 and 12. */
export const gemmCase = (): CaseText =>
  fc
    .record({
      m: int(1, 19),
      n: int(1, 35),
      k: int(1, 21),
      flags: fc.tuple(flag('ta'), flag('tb'), flag('bias'), activation),
    })
    .map(({ m, n, k, flags }) => joined([`m${m}n${n}k${k}`, ...flags]));
