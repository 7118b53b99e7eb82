import type { ConvProblem } from '../types.js';
import { keepBlock } from '../wasm/block.js';
import { GEOMETRY_BYTES } from '../wasm/boundary.js';
import { oneStep } from '../wasm/crew.js';
import type { Host } from '../wasm/host.js';
import { writeGeometry } from '../wasm/records.js';
import { keepWeights } from '../wasm/weights.js';
import type { ConvRow, WeightGradRow } from './row.js';

/** A kernel over elements [begin, end) of the result, in scalar code and any layout. */
type Direct = 'convDirect' | 'convInputGradDirect';

const row = (kernel: Direct, channels: 'oc' | 'ic', results: (p: ConvProblem) => number): ConvRow => ({
  name: 'direct',
  accuracy: 'high',
  refuses: () => null,
  prepare(host, p, weight, bias) {
    const { arena, exports } = host;
    const at = keepBlock(arena, { geometry: GEOMETRY_BYTES, bias: p[channels] * 4 });
    writeGeometry(host, at.geometry, p);
    const kept = keepWeights(arena, weight.length * 4, (to) => arena.f32(to, weight.length).set(weight));
    if (bias) arena.f32(at.bias, bias.length).set(bias);
    return oneStep({
      units: results(p),
      run: ([x, addend, y], begin, end) =>
        exports[kernel](at.geometry, x, kept.at, bias ? at.bias : 0, addend, y, begin, end),
      dispose() {
        arena.release(at.block);
        kept.release();
      },
    });
  },
});

/**
 * The definition in scalar code: any problem, any layout, no scratch. The yardstick the other rows are held against.
 */
export const direct = row('convDirect', 'oc', (p) => p.n * p.oc * p.od * p.oh * p.ow);

/** The same for input gradients. */
export const inputGradDirect = row('convInputGradDirect', 'ic', (p) => p.n * p.ic * p.id * p.ih * p.iw);

/** The same for weight gradients. */
export const weightGradDirect: WeightGradRow = {
  name: 'direct',
  accuracy: 'high',
  refuses: () => null,
  prepare(host: Host, p) {
    const at = keepBlock(host.arena, { geometry: GEOMETRY_BYTES });
    writeGeometry(host, at.geometry, p);
    return oneStep({
      units: (p.ic / p.groups) * p.oc * p.kd * p.kh * p.kw,
      run: ([x, gradY, gradWeight, accumulate], begin, end) =>
        host.exports.weightGradDirect(at.geometry, x, gradY, gradWeight, accumulate, begin, end),
      dispose: () => host.arena.release(at.block),
    });
  },
};
