import type { Address } from '../wasm/arena.js';
import { type Job, oneStep, stepsOf } from '../wasm/crew.js';
import type { Host } from '../wasm/host.js';
import { biasGrad } from './bias-grad.js';
import type { Multiplied, Product } from './product.js';
import { type Broadcast, productJob } from './product-job.js';

/** A product y = alpha op(a) op(b) whose gradients are asked for. */
export type Factors = Pick<Product, 'm' | 'n' | 'k' | 'transposeA' | 'transposeB' | 'alpha'>;

/** The gradient of a factor as a product of two of a, b and g, the gradient of y. */
interface FactorGrad {
  readonly product: Product;
  readonly left: 'a' | 'b' | 'g';
  readonly right: 'a' | 'b' | 'g';
}

function gradOf(factor: 'a' | 'b', { m, n, k, transposeA, transposeB, alpha }: Factors): FactorGrad {
  const product = (m: number, n: number, k: number, transposeA: boolean, transposeB: boolean): Product => {
    return { m, n, k, transposeA, transposeB, alpha, beta: 1, clamp: [-Infinity, Infinity] };
  };
  // g op(b)ᵀ as a is stored: [m, k], or its transpose op(b) gᵀ
  if (factor === 'a') {
    return transposeA
      ? { product: product(k, m, n, transposeB, true), left: 'b', right: 'g' }
      : { product: product(m, k, n, false, !transposeB), left: 'g', right: 'b' };
  }
  // op(a)ᵀ g as b is stored: [k, n], or its transpose gᵀ op(a)
  return transposeB
    ? { product: product(n, k, m, true, transposeA), left: 'g', right: 'a' }
    : { product: product(k, n, m, !transposeA, false), left: 'a', right: 'g' };
}

/** Operands of the gradient of a factor. */
export type FactorGradOperands = readonly [a: Address, b: Address, gradY: Address, to: Address];

/** `to` += (with `keep`) or = the gradient of a or of b. */
export function factorGrad(host: Host, of: 'a' | 'b', factors: Factors, keep: boolean): Job<FactorGradOperands> {
  const { product, left, right } = gradOf(of, factors);
  const job = productJob(host, product);
  return {
    ...job,
    steps: stepsOf(job, ([a, b, g, to]: FactorGradOperands): Multiplied => {
      const operands = { a, b, g };
      return [operands[left], operands[right], keep ? to : 0, 0, to];
    }),
  };
}

/** An addend of a product and its factor. */
export type ScaledAddend = Broadcast & Pick<Product, 'm' | 'n' | 'beta'>;

/**
 * gradC, or gradC += it with `keep`: beta times the gradient of the result, summed over what the addend was
 * broadcast over.
 */
export function addendGrad(
  host: Host,
  { m, n, beta, rows, columns }: ScaledAddend,
  keep: boolean,
): Job<readonly [gradY: Address, gradC: Address]> {
  const { exports } = host;
  if (rows === m && columns === n) {
    return oneStep({ run: ([gradY, gradC]) => exports[keep ? 'addScaled' : 'scale'](gradC, gradY, m * n, beta) });
  }
  const perColumn = rows === 1 && columns === n;
  const maps = perColumn ? { n: m, c: n, cells: 1 } : { n: 1, c: rows, cells: rows === 1 ? m * n : n };
  return biasGrad(host, { channelsLast: perColumn, ...maps }, keep, beta);
}
