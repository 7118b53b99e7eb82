import { type EpilogueOptions, finish, masked } from './epilogue.js';
import { broadcastOffsets, productTerms, type Transposes } from './matmul.js';
import { forwardSum, leftGrad, plainSum, rightGrad, type Terms } from './sums.js';
import { checkLength, checkShape, type Operand, type Result } from './tensor.js';

export interface GemmOptions extends Omit<EpilogueOptions, 'add'>, Transposes {
  readonly alpha?: number;
  readonly beta?: number;
  readonly c?: Operand;
}

function scaled(sum: Result, factor: number): Result {
  if (factor === 1) return sum;
  const scale = (value: number): number => value * factor;
  return {
    ...sum,
    data: sum.data.map(scale),
    magnitude: sum.magnitude.map((value) => value * Math.abs(factor)),
    terms: sum.terms + 1,
  };
}

function setUpGemm(a: Operand, b: Operand, options: GemmOptions): { terms: Terms; yShape: number[] } {
  checkLength('a', a);
  checkLength('b', b);
  const [m, k] = options.transposeA ? [a.shape[1], a.shape[0]] : a.shape;
  const [kb, n] = options.transposeB ? [b.shape[1], b.shape[0]] : b.shape;
  if (k !== kb) throw new Error(`a [${a.shape}] and b [${b.shape}] do not fit`);
  return { terms: productTerms(m, n, k, [[0, 0]], options), yShape: [m, n] };
}

/**
 * y = activation(alpha op(a) op(b) + beta c + bias), with c broadcast to [m, n] and bias [n]. With beta = 0, c is not
 * read.
 */
export function gemm(a: Operand, b: Operand, options: GemmOptions = {}): Result {
  const { alpha = 1, beta = 1, ...epilogue } = options;
  const c = beta === 0 ? undefined : options.c;
  const { terms, yShape } = setUpGemm(a, b, options);
  const product = scaled(forwardSum(terms, a, b, yShape), alpha);
  const offsets = c === undefined ? [] : broadcastOffsets(c.shape, yShape);
  const add = c === undefined ? undefined : { data: offsets.map((at) => beta * c.data[at]), shape: yShape };
  const y = finish(product, { ...epilogue, add }, yShape[1], (at) => at % yShape[1]);
  return beta === 1 ? y : { ...y, terms: y.terms + 1 };
}

export interface GemmGrads {
  readonly gradA: Result;
  readonly gradB: Result;
  readonly gradBias: Result;
  /** Only where c was given. */
  readonly gradC?: Result;
}

export function gemmBackward(gradY: Operand, a: Operand, b: Operand, options: GemmOptions = {}): GemmGrads {
  const { alpha = 1, beta = 1, c } = options;
  const { terms, yShape } = setUpGemm(a, b, options);
  checkShape('gradY', gradY, yShape);
  const g = masked(gradY, options);
  const [m, n] = yShape;
  const everywhere = (visit: (to: number, from: number) => void, target: (at: number) => number): void => {
    for (let at = 0; at < m * n; at += 1) visit(target(at), at);
  };
  const offsets = c === undefined ? [] : broadcastOffsets(c.shape, yShape);
  return {
    gradA: scaled(leftGrad(terms, g, b, a.shape), alpha),
    gradB: scaled(rightGrad(terms, g, a, b.shape), alpha),
    gradBias: plainSum((visit) => everywhere(visit, (at) => at % n), g, [n]),
    gradC:
      c &&
      scaled(
        plainSum((visit) => everywhere(visit, (at) => offsets[at]), g, c.shape),
        beta,
      ),
  };
}
