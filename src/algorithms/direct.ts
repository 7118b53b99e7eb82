import { keepBlock } from '../wasm/block.js';
import { GEOMETRY_BYTES } from '../wasm/boundary.js';
import { writeGeometry } from '../wasm/records.js';
import type { ConvAlgorithm } from './algorithm.js';

/** The definition in scalar code: any problem, any layout, no scratch. The yardstick the other rows are held against. */
export const direct: ConvAlgorithm = {
  name: 'direct',
  accuracy: 'high',
  refuses: () => null,
  prepare(host, p, weight, bias) {
    const { arena, exports } = host;
    const at = keepBlock(arena, { geometry: GEOMETRY_BYTES, weight: weight.length * 4, bias: p.oc * 4 });
    writeGeometry(host, at.geometry, p);
    arena.f32(at.weight, weight.length).set(weight);
    if (bias) arena.f32(at.bias, p.oc).set(bias);
    const positions = p.n * p.oc * p.od * p.oh * p.ow;
    return {
      scratchBytes: 0,
      run: (x, y, addend) => exports.convDirect(at.geometry, x, at.weight, bias ? at.bias : 0, addend, y, 0, positions),
      dispose: () => arena.release(at.block),
    };
  },
};
