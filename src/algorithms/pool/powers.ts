import type { Address } from '../../wasm/arena.js';
import { round64 } from '../../wasm/block.js';
import { SERIES_BYTES } from '../../wasm/boundary.js';
import { type Job, type Step, stepsOf } from '../../wasm/crew.js';
import type { Host } from '../../wasm/host.js';
import type { PoolOperands } from './rows.js';

const bits = new Float64Array(1);
/** The number whose bits are those of a less those of b. */
function difference(a: number, b: number): number {
  const integer = new BigUint64Array(bits.buffer);
  const of = (value: number) => {
    bits[0] = value;
    return integer[0];
  };
  integer[0] = of(a) - of(b);
  return bits[0];
}

/** In the order of `Series` in assembly/pool/power.ts. */
const series = Float64Array.of(
  ...[difference(1, Math.SQRT1_2), 1, 2 ** 52, 2 ** 52 + 1023],
  ...[2 / Math.LN2, 1 / 3, 1 / 5, 1 / 7, 1 / 9, 1 / 11],
  ...[-200, 200, 1.5 * 2 ** 52, Math.LN2],
  ...[1 / 2, 1 / 6, 1 / 24, 1 / 120, 1 / 720, 1 / 5040, 1 / 40320],
);

/** Elements of a unit. */
const UNIT = 1 << 14;

/** Powers of absolute values. */
interface Powers {
  readonly count: number;
  readonly exponent: number;
  /** Adds to what the result holds. */
  readonly accumulate?: boolean;
}

/**
 * Places of the result, of x, and of a factor: |x|^e without one (0), else factor sign(x) |x|^e, which is 0 where x is.
 * The result may be one of the others.
 */
type Places = readonly [to: Address, x: Address, factor: Address];

/** Shared scratch begins with the series: only the thread that called writes them. */
const SERIES = round64(SERIES_BYTES);
const writeSeries = ({ arena }: Host): Step<unknown> => ({
  units: 1,
  run: (_operands, _begin, _end, _own, shared) => void arena.f64(shared, series.length).set(series),
});

const powers = <Operands>(
  { exports }: Host,
  { count, exponent, accumulate }: Powers,
  places: (operands: Operands, shared: Address) => Places,
): Step<Operands> => ({
  units: Math.ceil(count / UNIT),
  run(operands, begin, end, _own, shared) {
    const at = begin * UNIT;
    const [to, x, factor] = places(operands, shared).map((place) => place && place + at * 4);
    exports.powers(shared, to, x, factor, Math.min(count, end * UNIT) - at, exponent, accumulate ? 1 : 0);
  },
});

/** Sums of windows of an Lp pool, or over the windows that hold a cell, with the sizes of its x and y. */
export interface LpSums {
  readonly p: number;
  readonly sums: Job<PoolOperands>;
  readonly xSize: number;
  readonly ySize: number;
}

/** Powers of x, their sums, and roots of the sums in place. */
export function lpPool(host: Host, { p, sums, xSize, ySize }: LpSums): Job<readonly [x: Address, y: Address]> {
  type Operands = readonly [x: Address, y: Address];
  const restAt = SERIES + round64(xSize * 4);
  return {
    ...sums,
    sharedBytes: restAt + sums.sharedBytes,
    steps: [
      writeSeries(host),
      powers<Operands>(host, { count: xSize, exponent: p }, ([x], shared) => [shared + SERIES, x, 0]),
      ...stepsOf(sums, ([, y]: Operands, shared): PoolOperands => [shared + SERIES, y, 0], restAt),
      powers<Operands>(host, { count: ySize, exponent: 1 / p }, ([, y]) => [y, y, 0]),
    ],
  };
}

/** gradX = sign(x) |x|^(p - 1) times the sum, over the windows that hold the cell, of gradY y^(1 - p). */
export function lpPoolInputGrad(
  host: Host,
  { p, sums, xSize, ySize }: LpSums,
  accumulate: boolean,
): Job<readonly [gradY: Address, x: Address, y: Address, gradX: Address]> {
  type Operands = readonly [gradY: Address, x: Address, y: Address, gradX: Address];
  const sumsAt = SERIES + round64(ySize * 4);
  const restAt = sumsAt + round64(xSize * 4);
  return {
    ...sums,
    sharedBytes: restAt + sums.sharedBytes,
    steps: [
      writeSeries(host),
      powers<Operands>(host, { count: ySize, exponent: 1 - p }, ([gradY, , y], shared) => [shared + SERIES, y, gradY]),
      ...stepsOf(sums, (_: Operands, shared): PoolOperands => [shared + SERIES, shared + sumsAt, 0], restAt),
      powers<Operands>(host, { count: xSize, exponent: p - 1, accumulate }, ([, x, , gradX], shared) => [
        ...([gradX, x, shared + sumsAt] as const),
      ]),
    ],
  };
}
