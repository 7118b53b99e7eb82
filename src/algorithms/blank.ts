import type { ConvProblem } from '../types.js';
import type { Address } from '../wasm/arena.js';
import { keepBlock } from '../wasm/block.js';
import type { Host } from '../wasm/host.js';
import { recordBytes, type Strides, writeGeometry, writeRecord } from '../wasm/records.js';

/** Columns in a panel. */
const NR = 8;

/** A convolution without taps. */
export interface Blank {
  /** y = clamp(bias + addend) for the first `cells` pixels. */
  run(y: Address, addend: Address, cells: number, table: Address): void;
  dispose(): void;
}

/** The tile over one step of zeros: `p` says which pixels of its result, `y` where they stand. */
export function prepareBlank(host: Host, p: ConvProblem, bias: Float32Array | undefined, y: Strides): Blank {
  const { arena, exports } = host;
  const zeros = Math.ceil(p.oc / NR) * NR;
  const at = keepBlock(arena, {
    geometry: recordBytes('geometry'),
    product: recordBytes('product'),
    zeros: zeros * 4,
    bias: bias ? (p.oc + NR) * 4 : 0,
  });
  arena.f32(at.zeros, zeros).fill(0);
  if (bias) {
    const to = arena.f32(at.bias, p.oc + NR);
    to.fill(0);
    to.set(bias);
  }
  // an image without pixels or channels: every window starts where the image does
  writeGeometry(
    host,
    at.geometry,
    { ...p, groups: 1, ic: 0, id: 0, ih: 0, iw: 0, pd: 0, ph: 0, pw: 0, pdEnd: 0, phEnd: 0, pwEnd: 0 },
    y,
  );
  writeRecord(host, 'product', at.product, {
    ...{ k: 1, segmentCount: 1, segments: at.zeros, n: p.oc, mr: host.mr, panels: at.zeros, zeros: at.zeros },
    ...{ bias: bias ? at.bias : at.zeros, lo: p.clamp[0], hi: p.clamp[1] },
  });
  const changes = bias !== undefined || p.clamp[0] > -Infinity || p.clamp[1] < Infinity;
  return {
    run(y, addend, cells, table) {
      if (changes || addend !== y) exports.convIndirect(at.geometry, at.product, 0, at.zeros, y, addend, 0, cells, table);
    },
    dispose: () => arena.release(at.block),
  };
}
