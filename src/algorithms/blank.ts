import type { ConvProblem } from '../types.js';
import type { Address } from '../wasm/arena.js';
import { keepBlock } from '../wasm/block.js';
import { GEOMETRY_BYTES } from '../wasm/boundary.js';
import type { Host } from '../wasm/host.js';
import { type Strides, writeGeometry } from '../wasm/records.js';
import { biasBytes, panelBytes, tileParts, writeBias, writeTile } from './tile-record.js';

/** A convolution without taps. */
export interface Blank {
  /** y = clamp(bias + addend) for pixels [begin, end). */
  run(y: Address, addend: Address, begin: number, end: number, table: Address): void;
  dispose(): void;
}

/** The tile over one step of zeros: `p` says which pixels of its result, `y` where they stand. */
export function prepareBlank(host: Host, p: ConvProblem, bias: Float32Array | undefined, y: Strides): Blank {
  const { arena, exports } = host;
  const panels = panelBytes(p.oc, 1);
  const at = keepBlock(arena, { ...tileParts, geometry: GEOMETRY_BYTES, panels, bias: biasBytes(p.oc, bias) });
  arena.f32(at.panels, panels / 4).fill(0);
  // an image without pixels or channels: every window starts where the image does
  const nowhere = { ic: 0, id: 0, ih: 0, iw: 0, pd: 0, ph: 0, pw: 0, pdEnd: 0, phEnd: 0, pwEnd: 0 };
  writeGeometry(host, at.geometry, { ...p, groups: 1, ...nowhere }, y);
  const { clamp } = p;
  writeTile(host, at, { k: 1, n: p.oc, panels: at.panels, bias: writeBias(host, at.bias, bias, p.oc), clamp });
  const changes = bias !== undefined || clamp[0] > -Infinity || clamp[1] < Infinity;
  return {
    run(y, addend, begin, end, table) {
      if (changes || addend !== y)
        exports.convIndirect(at.geometry, at.product, 0, at.zeros, y, addend, begin, end, table);
    },
    dispose: () => arena.release(at.block),
  };
}
