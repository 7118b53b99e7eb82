import type { Address } from '../wasm/arena.js';
import { type Job, oneStep, stepsOf } from '../wasm/crew.js';
import type { Host } from '../wasm/host.js';
import { biasGrad } from './bias-grad.js';
import type { Multiplied, Product } from './product.js';
import { productJob, type Spread } from './product-job.js';

/** A product y = alpha op(a) op(b) whose gradients are asked for. */
export type Factors = Pick<Product, 'm' | 'n' | 'k' | 'transposeA' | 'transposeB' | 'alpha'>;

/** The gradient of a factor as a product of two of a, b and g, the gradient of y. */
interface FactorGrad {
  readonly product: Product;
  readonly left: 'a' | 'b' | 'g';
  readonly right: 'a' | 'b' | 'g';
}

const added = { beta: 1, clamp: [-Infinity, Infinity] } as const;

/** g op(b)ᵀ as a is stored: [m, k], or its transpose op(b) gᵀ. */
function gradOfA({ m, n, k, transposeA, transposeB, alpha }: Factors): FactorGrad {
  const { beta, clamp } = added;
  return transposeA
    ? {
        product: { m: k, n: m, k: n, transposeA: transposeB, transposeB: true, alpha, beta, clamp },
        left: 'b',
        right: 'g',
      }
    : {
        product: { m, n: k, k: n, transposeA: false, transposeB: !transposeB, alpha, beta, clamp },
        left: 'g',
        right: 'b',
      };
}

/** op(a)ᵀ g as b is stored: [k, n], or its transpose gᵀ op(a). */
function gradOfB({ m, n, k, transposeA, transposeB, alpha }: Factors): FactorGrad {
  const { beta, clamp } = added;
  return transposeB
    ? {
        product: { m: n, n: k, k: m, transposeA: true, transposeB: transposeA, alpha, beta, clamp },
        left: 'g',
        right: 'a',
      }
    : {
        product: { m: k, n, k: m, transposeA: !transposeA, transposeB: false, alpha, beta, clamp },
        left: 'a',
        right: 'g',
      };
}

/** Operands of the gradient of a factor. */
export type FactorGradOperands = readonly [a: Address, b: Address, gradY: Address, to: Address];

/** `to` += (with `keep`) or = the gradient of a or of b. */
export function factorGrad(host: Host, of: 'a' | 'b', factors: Factors, keep: boolean): Job<FactorGradOperands> {
  const { product, left, right } = (of === 'a' ? gradOfA : gradOfB)(factors);
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
export type ScaledAddend = Spread & Pick<Product, 'm' | 'n' | 'beta'>;

/**
 * gradC, or gradC += it with `keep`: beta times the gradient of the result, summed over what the addend was spread
 * over.
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
