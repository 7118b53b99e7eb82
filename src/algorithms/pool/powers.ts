import type { Address } from '../../wasm/arena.js';
import type { Host } from '../../wasm/host.js';

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
const series = new Int32Array(
  Float64Array.of(
    ...[difference(1, Math.SQRT1_2), 1, 2 ** 52, 2 ** 52 + 1023],
    ...[2 / Math.LN2, 1 / 3, 1 / 5, 1 / 7, 1 / 9, 1 / 11],
    ...[-200, 200, 1.5 * 2 ** 52, Math.LN2],
    ...[1 / 2, 1 / 6, 1 / 24, 1 / 120, 1 / 720, 1 / 5040, 1 / 40320],
  ).buffer,
);

/** Scratch of `powers`, in bytes. */
export const powersBytes = Math.ceil(series.byteLength / 64) * 64;

export interface Powers {
  readonly to: Address;
  readonly x: Address;
  /** |x|^e without one (0), else factor sign(x) |x|^e, which is 0 where x is. */
  readonly factor?: Address;
  readonly count: number;
  readonly exponent: number;
  /** Adds to what `to` holds. */
  readonly accumulate?: boolean;
}

/** Powers of absolute values; `to` may be `x` or `factor`. */
export function powers(
  { arena, exports }: Host,
  scratch: Address,
  { to, x, factor = 0, count, exponent, ...rest }: Powers,
): void {
  arena.i32(scratch, series.length).set(series);
  exports.powers(scratch, to, x, factor, count, exponent, rest.accumulate ? 1 : 0);
}
