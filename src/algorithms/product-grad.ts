import type { Address } from '../wasm/arena.js';
import type { Host } from '../wasm/host.js';
import { multiply, type Product, productScratchBytes } from './product.js';

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
    ? { product: { m: k, n: m, k: n, transposeA: transposeB, transposeB: true, alpha, beta, clamp }, left: 'b', right: 'g' }
    : { product: { m, n: k, k: n, transposeA: false, transposeB: !transposeB, alpha, beta, clamp }, left: 'g', right: 'b' };
}

/** op(a)ᵀ g as b is stored: [k, n], or its transpose gᵀ op(a). */
function gradOfB({ m, n, k, transposeA, transposeB, alpha }: Factors): FactorGrad {
  const { beta, clamp } = added;
  return transposeB
    ? { product: { m: n, n: k, k: m, transposeA: true, transposeB: transposeA, alpha, beta, clamp }, left: 'g', right: 'a' }
    : { product: { m: k, n, k: m, transposeA: !transposeA, transposeB: false, alpha, beta, clamp }, left: 'a', right: 'g' };
}

/** Gradients of the factors of a product, each ready to be added to what is there. */
export interface ProductGrads {
  readonly scratchBytes: number;
  /** `to` += (with `keep`) or = the gradient of a or b. */
  add(of: 'a' | 'b', operands: Readonly<Record<'a' | 'b' | 'g', Address>>, to: Address, keep: boolean, scratch: Address): void;
}

export function productGrads(host: Host, factors: Factors): ProductGrads {
  const grads = { a: gradOfA(factors), b: gradOfB(factors) };
  return {
    scratchBytes: Math.max(productScratchBytes(grads.a.product), productScratchBytes(grads.b.product)),
    add(of, operands, to, keep, scratch) {
      const { product, left, right } = grads[of];
      multiply(host, product, { a: operands[left], b: operands[right], c: keep ? to : 0, bias: 0, y: to }, scratch);
    },
  };
}
