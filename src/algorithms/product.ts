import type { Address } from '../wasm/arena.js';
import type { Host } from '../wasm/host.js';
import { recordBytes, writeRecord } from '../wasm/records.js';

/** Columns in a panel. */
const NR = 8;

const round64 = (bytes: number) => Math.ceil(bytes / 64) * 64;

/** y = clamp(alpha op(a) op(b) + beta c + bias), all row-major. */
export interface Product {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly alpha: number;
  readonly beta: number;
  readonly clamp: readonly [number, number];
}

/** Addresses of the operands; `c` and `bias` may be 0. */
export interface ProductOperands {
  readonly a: Address;
  readonly b: Address;
  readonly c: Address;
  readonly bias: Address;
  readonly y: Address;
}

/** Places of one product in its scratch: records, row table, panels of b, and a turned round where it is stored transposed. */
function layout({ m, n, k, transposeA }: Product) {
  const depth = Math.max(1, k);
  const strip = round64(recordBytes('product'));
  const zeros = strip + round64(recordBytes('strip'));
  const table = zeros + round64(NR * 4);
  const panels = table + 256 * 8;
  const turned = panels + round64(Math.ceil(n / NR) * depth * NR * 4);
  // without any k, one step over zeros stands in for it
  const bytes = turned + (transposeA || k === 0 ? m * depth * 4 : 0);
  return { strip, zeros, table, panels, turned, bytes, depth };
}

/** Scratch of `multiply`, in bytes. */
export const productScratchBytes = (p: Product): number => layout(p).bytes;

/** Packs op(b) into the panels of `scratch`; they serve every later `multiply` there with the same b. */
export function packB({ exports, arena }: Host, p: Product, b: Address, scratch: Address): void {
  const { panels, depth } = layout(p);
  if (p.k === 0) arena.f32(scratch + panels, Math.ceil(p.n / NR) * NR).fill(0);
  else {
    const [kStep, nStep] = p.transposeB ? [4, p.k * 4] : [p.n * 4, 4];
    exports.packPanels(scratch + panels, depth * NR * 4, b, p.k, p.n, kStep, nStep, p.alpha);
  }
}

/** One product over panels packed before. Address by address, y may be c. */
export function multiply(host: Host, p: Product, { a, c, bias, y }: Omit<ProductOperands, 'b'>, scratch: Address): void {
  const { exports, arena } = host;
  const at = layout(p);
  if (p.m === 0 || p.n === 0) return;
  let rows = a;
  if (p.k === 0) arena.f32((rows = scratch + at.turned), p.m).fill(0);
  else if (p.transposeA) exports.transpose((rows = scratch + at.turned), p.k * 4, a, p.m * 4, p.k, p.m);
  let addend = p.beta === 0 ? 0 : c;
  if (addend && p.beta !== 1) {
    exports.scale(y, c, p.m * p.n, p.beta);
    addend = y;
  }
  arena.f32(scratch + at.zeros, NR).fill(0);
  writeRecord(host, 'product', scratch, {
    ...{ k: at.depth, segmentCount: 1, segments: scratch + at.zeros, n: p.n, mr: host.mr, a: rows, panels: scratch + at.panels },
    ...{ bias: bias || scratch + at.zeros, addend, c: y, lo: p.clamp[0], hi: p.clamp[1], zeros: scratch + at.zeros },
    strip: scratch + at.strip,
  });
  exports.gemmRows(scratch, at.depth * 4, p.n * 4, 0, p.m, scratch + at.table);
}
