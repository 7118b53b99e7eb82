import type { ConvProblem } from '../../types.js';
import type { Address } from '../../wasm/arena.js';
import { GEOMETRY_BYTES } from '../../wasm/boundary.js';
import type { Step } from '../../wasm/crew.js';
import type { Host } from '../../wasm/host.js';
import { type Block, blockSize, blocksOf, depthOf } from './windows.js';

/** Turns [rows][cols] floats of each image, from one operand or place to another. */
export const turning = <Operands>(
  { exports }: Host,
  { n }: ConvProblem,
  rows: number,
  cols: number,
  places: (operands: Operands, shared: Address) => readonly [from: Address, to: Address],
): Step<Operands> => ({
  units: n,
  run(operands, begin, end, _own, shared) {
    const [from, to] = places(operands, shared);
    for (let i = begin; i < end; i++) {
      const offset = i * rows * cols * 4;
      exports.transpose(to + offset, rows * 4, from + offset, cols * 4, rows, cols);
    }
  },
});

/** Runs `work` for every block; `units`: 1 where blocks add to the same cells. */
export const blockwise = <Operands>(
  p: ConvProblem,
  units: number,
  work: (operands: Operands, block: Block, own: Address, shared: Address) => void,
): Step<Operands> => {
  const blocks = blocksOf(p);
  const step = blocks.count / units;
  return {
    units,
    run(operands, begin, end, own, shared) {
      for (let i = begin * step; i < end * step; i++) work(operands, blocks.at(i), own, shared);
    },
  };
};

/** Scratch of one who runs blocks: a record, the windows of a block of one image, and of all. */
export function windowParts(p: ConvProblem) {
  const columns = blockSize(p) * depthOf(p) * 4;
  return { geometry: GEOMETRY_BYTES, columns, windows: p.n * columns };
}

/** Bytes of x turned to channels-first planes, or of the gradient turned to channels-last pixels. */
export const planeBytes = (p: ConvProblem) => (p.channelsLast ? p.n * p.ic * p.ih * p.iw * 4 : 0);
export const pixelBytes = (p: ConvProblem) => (p.channelsLast ? 0 : p.n * p.oc * p.oh * p.ow * 4);

/**
 * Weights seen from one position: bytes to the next position, and from row to row of [oc][inputs] or, with channels
 * last, [inputs][oc].
 */
export function weightSteps(p: ConvProblem) {
  const depth = depthOf(p);
  return p.channelsLast
    ? { position: depth * p.oc * 4, row: p.oc * 4 }
    : { position: depth * 4, row: p.oh * p.ow * depth * 4 };
}

export const nothing = () => {};
