import { keepBlock } from '../../wasm/block.js';
import { GEOMETRY_BYTES } from '../../wasm/boundary.js';
import { writeGeometry } from '../../wasm/records.js';
import type { WeightGradAlgorithm } from './algorithm.js';

/** The definition in scalar code: any problem, any layout, no scratch. The yardstick the other rows are held against. */
export const direct: WeightGradAlgorithm = {
  name: 'direct',
  accuracy: 'high',
  refuses: () => null,
  prepare(host, p) {
    const at = keepBlock(host.arena, { geometry: GEOMETRY_BYTES });
    writeGeometry(host, at.geometry, p);
    const weights = (p.ic / p.groups) * p.oc * p.kd * p.kh * p.kw;
    return {
      scratchBytes: 0,
      run: (x, gradY, gradWeight, accumulate) =>
        host.exports.weightGradDirect(at.geometry, x, gradY, gradWeight, accumulate ? 1 : 0, 0, weights),
      dispose: () => host.arena.release(at.block),
    };
  },
};
