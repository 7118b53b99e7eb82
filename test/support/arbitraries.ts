import fc from 'fast-check';
import { type Axis, axesOf, axisSegments, int, type Rank, span } from './axis-arbitraries.js';
import { type Flag, formatCase, parseCase } from './cases.js';

export type { Rank } from './axis-arbitraries.js';

/**
 * Case strings (see cases.ts) for fast-check: small, asymmetric, at the edges of what is legal. A failing property
 * prints the case itself.
 */
export type CaseText = fc.Arbitrary<string>;

/**
 * Settings of a property. STRIDEWISE_LONG multiplies the runs and lets the seed vary; without it the cases are the same
 * every time.
 */
export function propertyRuns(runs = 300): { numRuns: number; seed?: number } {
  const times = Number(process.env.STRIDEWISE_LONG ?? 1);
  return times === 1 ? { numRuns: runs, seed: 20 } : { numRuns: runs * times };
}

const flag = (name: Flag): fc.Arbitrary<string> => fc.constantFrom('', name);
const oneOf = (...names: readonly (Flag | '')[]): fc.Arbitrary<string> => fc.constantFrom(...names);

/** The case in its shortest form. */
const joined = (segments: readonly string[]): string =>
  formatCase(parseCase(segments.filter((segment) => segment !== '').join('_')));

/** Batch 0 is legal. */
const batch = fc.oneof({ arbitrary: int(1, 3), weight: 9 }, { arbitrary: fc.constant(0), weight: 1 });

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
const activation = oneOf('', '', 'relu', 'relu6', 'hardtanh', 'clamp');

/** Padding words, or none: then the numbers of the axes count. */
const word = oneOf('', '', '', 'valid', 'same', 'samelower', 'full');
const mode = oneOf('', '', 'reflect', 'replicate', 'circular');

const WINDOW = ['i', 'k', 's', 'd'] as const;
const windowSegments = (paddingWord: string) => (paddingWord === '' ? ([...WINDOW, 'p'] as const) : WINDOW);

/**
 * How many cells a padding mode needs to find what it repeats: reflection one more than the padding, since it leaves
 * out the edge.
 */
function leastAround(paddingMode: string, { begin, end }: Omit<Axis, 'i'>): number {
  const most = Math.max(begin, end);
  return paddingMode === 'reflect' ? most + 1 : paddingMode === 'circular' ? most : 1;
}

/** The least input over which a window fits and the padding mode reaches round at most once. */
function leastInput(paddingWord: string, paddingMode: string, axis: Omit<Axis, 'i'>): number {
  if (paddingWord === '') return Math.max(span(axis) - axis.begin - axis.end, leastAround(paddingMode, axis));
  // The other words never pad by more than span - 1.
  return paddingWord === 'valid' || paddingMode !== '' ? span(axis) : 1;
}

/**
 * Convolutions with every option: strides beyond the kernel, kernels beyond the input, all forms and modes of padding,
 * groups, both layouts.
 */
export const convCase = (limits: ConvCaseLimits = {}): CaseText =>
  fc
    .record({ rank: rankOf(limits), word, mode })
    .chain((given) =>
      fc.record({
        given: fc.constant(given),
        n: batch,
        channels: channelsOf(limits),
        axes: axesOf(given.rank, true, (a) => leastInput(given.word, given.mode, a)),
        flags: fc.tuple(layout, flag('flip'), flag('bias'), activation),
      }),
    )
    .map(({ given, n, channels: { g, ic, oc }, axes, flags }) => {
      const segments = axisSegments(axes, { i: `n${n}ic${ic}`, k: `oc${oc}` }, windowSegments(given.word));
      return joined([...segments, `g${g}`, given.word, given.mode, ...flags]);
    });

/** Keeps output padding below max(stride, dilation), and takes padding back until something of the output is left. */
function transposable(axis: Axis): Axis {
  const op = Math.min(axis.op, Math.max(axis.s, axis.d) - 1);
  const room = (axis.i - 1) * axis.s + span(axis) + op - 1;
  const begin = Math.min(axis.begin, room);
  return { ...axis, op, begin, end: Math.min(axis.end, room - begin) };
}

/** `full` cuts span - 1 cells off each end, which leaves something where the windows start that far apart. */
const leastTransposed = (paddingWord: string, axis: Omit<Axis, 'i'>): number =>
  paddingWord === 'full' ? Math.ceil((span(axis) - 1) / axis.s) + 1 : 1;

/**
 * Transposed convolutions with strides, dilation, groups, all forms of padding, and output padding (which `same` does
 * not know).
 */
export const convTransposeCase = (limits: ConvCaseLimits = {}): CaseText =>
  fc
    .record({ rank: rankOf(limits), word })
    .chain((given) =>
      fc.record({
        given: fc.constant(given),
        n: batch,
        channels: channelsOf(limits),
        axes: axesOf(given.rank, true, (a) => leastTransposed(given.word, a)).map((axes) => axes.map(transposable)),
        flags: fc.tuple(layout, flag('flip'), flag('bias'), activation),
      }),
    )
    .map(({ given, n, channels: { g, ic, oc }, axes, flags }) => {
      const wanted = [...windowSegments(given.word), ...(given.word.startsWith('same') ? [] : (['op'] as const))];
      return joined([
        ...axisSegments(axes, { i: `n${n}ic${ic}`, k: `oc${oc}` }, wanted),
        `g${g}`,
        given.word,
        ...flags,
      ]);
    });

/** Shared by the pools: padding may exceed the kernel, so that windows hold no cell of the input. */
const pools = (rank: Rank | undefined, more: fc.Arbitrary<string>): CaseText =>
  fc
    .record({ rank: rankOf({ rank }), word })
    .chain((given) =>
      fc.record({
        given: fc.constant(given),
        n: batch,
        ic: width,
        axes: axesOf(given.rank, true, (a) => leastInput(given.word, '', a)),
        flags: fc.tuple(layout, flag('ceil'), more),
      }),
    )
    .map(({ given, n, ic, axes, flags }) => {
      const segments = axisSegments(axes, { i: `n${n}ic${ic}`, k: '' }, windowSegments(given.word));
      return joined([...segments, given.word, ...flags]);
    });

export const maxPoolCase = (rank?: Rank): CaseText => pools(rank, fc.constant(''));

/** With and without the padding in the divisor, and with a divisor of one's own. */
export const avgPoolCase = (rank?: Rank): CaseText =>
  pools(rank, fc.constantFrom('', 'exclude', 'divisor3', 'divisor7'));

export const lpPoolCase = (rank?: Rank): CaseText => pools(rank, fc.constantFrom('lp1', 'lp2', 'lp3'));

/** For im2col and col2im. */
export const columnCase = (rank?: Rank): CaseText =>
  convCase({ rank, kinds: ['dense'] }).map((text) =>
    joined(text.split('_').filter((segment) => !COLUMN_REFUSES.has(segment))),
  );

const COLUMN_REFUSES = new Set<string>([
  'reflect',
  'replicate',
  'circular',
  'flip',
  'bias',
  'relu',
  'relu6',
  'hardtanh',
  'clamp',
]);

/** Output extents below, at and above those of the input. */
export const adaptiveCase = (rank?: Rank): CaseText =>
  rankOf({ rank })
    .chain((own) =>
      fc.record({
        n: batch,
        ic: width,
        axes: axesOf(own, false, () => 1),
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
