import { OptionError, ShapeError } from '../errors.js';
import type { Clamp } from '../further.js';
import { checkOptions, finite, flag, optionNames } from './options.js';
import { clampOf, matchInner, type ProductExtents, readMatrix } from './products.js';
import { show } from './show.js';
import { checkSize, checkTensor } from './tensor.js';

/** A checked product y = alpha a b + beta c + bias, then the activation. */
export interface GemmProblem extends ProductExtents {
  /** Whether `a` is stored as [k, m]. */
  readonly transposeA: boolean;
  /** Whether `b` is stored as [n, k]. */
  readonly transposeB: boolean;
  readonly alpha: number;
  readonly beta: number;
  /** Bounds of the activation; [-Infinity, Infinity] when there is none. */
  readonly clamp: Clamp;
  /** [m, n]; `c` broadcasts to it. */
  readonly yShape: readonly number[];
}

/**
 * Checks a product of the matrices a [m, k] (or [k, m] with `transposeA`) and b [k, n] (or [n, k] with `transposeB`).
 * The values of `c`, `bias` ([n]) and `out` are not looked at here. `alpha` and `beta` default to 1; another `beta`
 * than 0 and 1 without `c` is refused.
 * @throws ShapeError or OptionError
 */
export function gemmProblem(
  aShape: readonly number[],
  bShape: readonly number[],
  options?: unknown,
  calledAs = 'gemm',
): GemmProblem {
  const o = checkOptions(calledAs, options, optionNames.gemm);
  const transposeA = flag('transposeA', o.transposeA, false);
  const transposeB = flag('transposeB', o.transposeB, false);
  const [m, k] = readMatrix('a', aShape, transposeA, 'm', 'k');
  const [kOfB, n] = readMatrix('b', bShape, transposeB, 'k', 'n');
  matchInner(k, kOfB);
  if (o.c === undefined && o.beta !== undefined && o.beta !== 0 && o.beta !== 1) {
    throw new OptionError(
      `beta is ${show(o.beta)} without c, expected the c that it scales, which broadcasts to [${m}, ${n}]`,
    );
  }
  const alpha = finite('alpha', o.alpha, 1);
  const beta = finite('beta', o.beta, 1);
  const yShape = Object.freeze([m, n]);
  checkSize('y', yShape);
  return Object.freeze({ m, n, k, transposeA, transposeB, alpha, beta, clamp: clampOf(o), yShape });
}

/** The addend of a product as [rows, columns], each the product's or 1. */
export interface Addend {
  readonly data: Float32Array;
  /** As the caller has it; [] for a number. */
  readonly shape: readonly number[];
  readonly rows: number;
  readonly columns: number;
}

/**
 * Checks `c` as something that broadcasts to [m, n]: a number, [], [n], [1, n], [m, 1], [1, 1] or [m, n]. @throws
 * ShapeError
 */
export function addendOf(c: unknown, m: number, n: number): Addend {
  if (typeof c === 'number') return { data: Float32Array.of(c), shape: [], rows: 1, columns: 1 };
  const { data, shape } = checkTensor('c', c);
  const [rows, columns] = [...new Array<number>(Math.max(0, 2 - shape.length)).fill(1), ...shape];
  if (shape.length > 2 || (rows !== 1 && rows !== m) || (columns !== 1 && columns !== n)) {
    throw new ShapeError(
      `c has shape ${show(shape)}, expected what broadcasts to [${m}, ${n}]: [${n}], [${m}, 1] or a number, too`,
    );
  }
  return { data, shape, rows, columns };
}
