import { keepBlock } from '../wasm/block.js';
import { GEOMETRY_BYTES } from '../wasm/boundary.js';
import { writeGeometry } from '../wasm/records.js';
import type { InputGradAlgorithm } from './input-grad.js';

/** The definition in scalar code: any problem, any layout, no scratch. The yardstick the other rows are held against. */
export const inputGradDirect: InputGradAlgorithm = {
  name: 'direct',
  accuracy: 'high',
  refuses: () => null,
  prepare(host, p, weight, bias, clamp) {
    const { arena, exports } = host;
    const at = keepBlock(arena, { geometry: GEOMETRY_BYTES, weight: weight.length * 4, bias: p.ic * 4 });
    writeGeometry(host, at.geometry, { ...p, clamp });
    arena.f32(at.weight, weight.length).set(weight);
    if (bias) arena.f32(at.bias, p.ic).set(bias);
    const cells = p.n * p.ic * p.id * p.ih * p.iw;
    return {
      scratchBytes: 0,
      run: (gradY, gradX, addend) =>
        exports.convInputGradDirect(at.geometry, gradY, at.weight, bias ? at.bias : 0, addend, gradX, 0, cells),
      dispose: () => arena.release(at.block),
    };
  },
};
