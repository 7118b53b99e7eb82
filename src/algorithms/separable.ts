import type { SeparableProblem } from '../types.js';
import type { Address } from '../wasm/arena.js';
import { round64 } from '../wasm/block.js';
import { INDIRECT_SCRATCH } from '../wasm/boundary.js';
import { oneStep, stepsOf } from '../wasm/crew.js';
import { fromView } from '../wasm/view.js';
import { depthwise, prepareDepthwise, readsInPlace } from './depthwise.js';
import { Door, throughDoor } from './door.js';
import { preparePanels, weightOrder } from './panels.js';
import type { ConvOperands, ConvRow, Row } from './row.js';

/** Weights as they stand now: packing those of one layer may grow the memory that a view of the other's stood in. */
export type SeparableWeights = (layer: 'depthwise' | 'pointwise') => Float32Array;

/** A row for both layers of a separable convolution; the bias belongs to the second. */
export type SeparableRow = Row<
  SeparableProblem,
  [weight: SeparableWeights, bias: Float32Array | undefined],
  ConvOperands
>;

/** Depthwise rows that wait for their product. */
const BETWEEN_BYTES = 128 * 1024;

/**
 * Pixels that the product takes at once (see assembly/conv/indirect.ts): fewer rows would read its panels more often.
 */
const LEAST_PIXELS = 192;

/**
 * Both layers band by band: some rows of the depthwise result wait in the cache, channels last, until the pointwise
 * product has read them in place. Nothing in between is stored whole, or turned: 1.0 to 1.07 times as fast as two steps
 * with channels last, 1.0 to 1.3 times with channels first.
 */
export const fused: SeparableRow = {
  name: 'fused',
  accuracy: 'high',
  refuses: ({ depthwise: p }) => (p.oc !== p.ic ? `${p.oc / p.ic} results of each channel` : depthwise.refuses(p)),
  prepare(host, { depthwise: p, pointwise: q }, weight, bias) {
    const inPlace = readsInPlace(p);
    const core = fromView(host, weight('depthwise'), (values) =>
      prepareDepthwise(host, p, values, undefined, {}, inPlace),
    );
    const last = { ...q, channelsLast: true };
    const panels = fromView(host, weight('pointwise'), (values) =>
      preparePanels(host, last, values, bias, { order: weightOrder(q) }),
    );
    const { geometry, product, groupPanelBytes } = panels;
    const rowBytes = p.ow * p.oc * 4;
    const rows = Math.min(p.oh, Math.max(1, Math.floor(BETWEEN_BYTES / rowBytes), Math.ceil(LEAST_PIXELS / p.ow)));
    const betweenBytes = round64(rows * rowBytes);
    const tableAt = betweenBytes + round64(core.scratchBytes);
    const ownBytes = tableAt + INDIRECT_SCRATCH;
    /** Output rows [first, end), numbered image by image. */
    const run = (image: Address, y: Address, addend: Address, first: number, end: number, own: Address) => {
      for (let begin = first; begin < end; begin += rows) {
        const next = Math.min(end, begin + rows);
        const between = own - begin * rowBytes;
        core.run(image, between, 0, begin, next, own + betweenBytes);
        const pixels = [begin * p.ow, next * p.ow] as const;
        host.exports.convIndirect(geometry, product, groupPanelBytes, between, y, addend, ...pixels, own + tableAt);
      }
    };
    const dispose = () => {
      core.dispose();
      panels.dispose();
    };
    if (inPlace) {
      return oneStep({
        ownBytes,
        units: p.n * p.oh,
        run: ([x, addend, y], begin, end, own) => run(x, y, addend, begin, end, own),
        dispose,
      });
    }
    const door = new Door(host, { ...p, oc: q.oc }, core.geometry, { cuts: 'rows', core: () => ownBytes });
    return throughDoor(
      door,
      ({ image, y, addend, begin, end, scratch }) => run(image, y, addend, begin / p.ow, end / p.ow, scratch),
      dispose,
    );
  },
};

/**
 * The layers one after the other, each by its own row; the result of the first is whole in between. `serve`: the row of
 * a layer.
 */
export function prepareTwoStep(
  serve: (layer: SeparableProblem['depthwise']) => ConvRow,
  ...[host, { depthwise, pointwise }, weight, bias]: Parameters<SeparableRow['prepare']>
): ReturnType<SeparableRow['prepare']> {
  const first = fromView(host, weight('depthwise'), (values) =>
    serve(depthwise).prepare(host, depthwise, values, undefined),
  );
  const second = fromView(host, weight('pointwise'), (values) =>
    serve(pointwise).prepare(host, pointwise, values, bias),
  );
  const betweenBytes = round64(4 * depthwise.yShape.reduce((size, extent) => size * extent, 1));
  return {
    ownBytes: Math.max(first.ownBytes, second.ownBytes),
    sharedBytes: betweenBytes + Math.max(first.sharedBytes, second.sharedBytes),
    steps: [
      ...stepsOf(first, ([x]: ConvOperands, between): ConvOperands => [x, 0, between], betweenBytes),
      ...stepsOf(second, ([, addend, y]: ConvOperands, between): ConvOperands => [between, addend, y], betweenBytes),
    ],
    dispose() {
      first.dispose();
      second.dispose();
    },
  };
}
