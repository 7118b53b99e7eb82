import type { ConvProblem } from '../types.js';
import type { Address } from '../wasm/arena.js';
import type { Host } from '../wasm/host.js';
import type { Strides } from '../wasm/records.js';
import { fromView } from '../wasm/view.js';
import type { WeightOrder } from './panels.js';
import type { Points } from './winograd/points.js';
import { prepareTiles, type WinogradTiles } from './winograd/prepare.js';

/**
 * Binds a class to its weights at `weight`, which are brought into the order [taps][input channels of a group][output
 * channels].
 */
export function prepareTransformed(
  host: Host,
  seen: ConvProblem,
  points: Points,
  weight: Address,
  { group, k, n, taps }: WeightOrder,
  bias: Float32Array | undefined,
  y: Strides,
): WinogradTiles {
  const { arena, exports } = host;
  const icg = seen.ic / seen.groups;
  const ocg = seen.oc / seen.groups;
  const count = taps.length * icg * seen.oc;
  return arena.scratch(count * 4, (at) => {
    for (const [tap, offset] of taps.entries()) {
      for (let part = 0; part < seen.groups; part++) {
        const from = weight + (part * group + offset) * 4;
        const to = at + (tap * icg * seen.oc + part * ocg) * 4;
        if (k === 1) exports.transpose(to, seen.oc * 4, from, n * 4, ocg, icg);
        else for (let c = 0; c < icg; c++) arena.f32(to + c * seen.oc * 4, ocg).set(arena.f32(from + c * k * 4, ocg));
      }
    }
    return fromView(host, arena.f32(at, count), (order) => prepareTiles(host, seen, points, order, bias, y));
  });
}
