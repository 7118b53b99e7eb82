import type { ConvProblem } from '../types.js';
import { keepBlock } from '../wasm/block.js';
import { recordBytes, writeGeometry } from '../wasm/records.js';
import type { InputGradAlgorithm } from './input-grad.js';

/** The same convolution over the image as it is after padding; with zero padding, as it is. */
function unpadded(p: ConvProblem): ConvProblem {
  if (p.paddingMode === 'zeros') return p;
  const [id, ih, iw] = [p.pd + p.id + p.pdEnd, p.ph + p.ih + p.phEnd, p.pw + p.iw + p.pwEnd];
  const spatial = [id, ih, iw].slice(3 - p.rank);
  const xShape = p.channelsLast ? [p.n, ...spatial, p.ic] : [p.n, p.ic, ...spatial];
  const none = { pd: 0, ph: 0, pw: 0, pdEnd: 0, phEnd: 0, pwEnd: 0 };
  return { ...p, ...none, id, ih, iw, xShape, paddingMode: 'zeros' };
}

/**
 * Makes a row that knows zero padding serve every padding mode: the gradient of the padded image first, then what its border received goes to the
 * cells it was copied from (the adjoint of padding).
 */
export const folded = (row: InputGradAlgorithm): InputGradAlgorithm => ({
  ...row,
  refuses: (p) => row.refuses(unpadded(p)),
  declines: (p) => row.declines?.(unpadded(p)) ?? null,
  prepare(host, p, weight, bias, clamp) {
    const whole = unpadded(p);
    if (whole === p) return row.prepare(host, p, weight, bias, clamp);
    const { arena, exports } = host;
    const inner = row.prepare(host, whole, weight, bias, clamp);
    const [images, channels] = p.channelsLast ? [p.n, p.ic] : [p.n * p.ic, 1];
    const paddedBytes = Math.ceil((p.n * p.ic * whole.id * whole.ih * whole.iw * 4) / 64) * 64;
    try {
      const at = keepBlock(arena, { geometry: recordBytes('geometry') });
      writeGeometry(host, at.geometry, p);
      return {
        scratchBytes: paddedBytes + inner.scratchBytes,
        run(gradY, gradX, addend, scratch) {
          inner.run(gradY, scratch, 0, scratch + paddedBytes);
          exports.padAdjoint(at.geometry, scratch, channels, gradX, addend, 0, images);
        },
        dispose() {
          arena.release(at.block);
          inner.dispose();
        },
      };
    } catch (error) {
      inner.dispose();
      throw error;
    }
  },
});
