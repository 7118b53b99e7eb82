import type { ConvProblem } from '../types.js';
import { keepBlock, round64 } from '../wasm/block.js';
import { GEOMETRY_BYTES } from '../wasm/boundary.js';
import { stepsOf } from '../wasm/crew.js';
import { writeGeometry } from '../wasm/records.js';
import { overPadded, paddedExtents } from './padded.js';
import type { ConvOperands, ConvRow } from './row.js';

/** The same convolution over the image as it is after padding; with zero padding, as it is. */
function unpadded(p: ConvProblem): ConvProblem {
  if (p.paddingMode === 'zeros') return p;
  const { id, ih, iw } = paddedExtents(p);
  const spatial = [id, ih, iw].slice(3 - p.rank);
  const xShape = p.channelsLast ? [p.n, ...spatial, p.ic] : [p.n, p.ic, ...spatial];
  return { ...overPadded(p), xShape, paddingMode: 'zeros' };
}

/**
 * Makes a row for input gradients that knows zero padding serve every padding mode: the gradient of the padded image
 * first, then what its border received goes to the cells it was copied from (the adjoint of padding).
 */
export const folded = (row: ConvRow): ConvRow => ({
  ...row,
  refuses: (p) => row.refuses(unpadded(p)),
  declines: (p) => row.declines?.(unpadded(p)) ?? null,
  prepare(host, p, weight, bias) {
    const whole = unpadded(p);
    const inner = row.prepare(host, whole, weight, bias);
    if (whole === p) return inner;
    const { arena, exports } = host;
    const [images, channels] = p.channelsLast ? [p.n, p.ic] : [p.n * p.ic, 1];
    const paddedBytes = round64(p.n * p.ic * whole.id * whole.ih * whole.iw * 4);
    const at = keepBlock(arena, { geometry: GEOMETRY_BYTES });
    writeGeometry(host, at.geometry, p);
    return {
      ownBytes: inner.ownBytes,
      sharedBytes: paddedBytes + inner.sharedBytes,
      steps: [
        ...stepsOf(inner, ([gradY]: ConvOperands, padded): ConvOperands => [gradY, 0, padded], paddedBytes),
        {
          units: images,
          run: ([, addend, gradX], begin, end, _own, padded) =>
            exports.padAdjoint(at.geometry, padded, channels, gradX, addend, begin, end),
        },
      ],
      dispose() {
        arena.release(at.block);
        inner.dispose();
      },
    };
  },
});
