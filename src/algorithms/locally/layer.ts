import type { ConvProblem } from '../../types.js';
import type { Address } from '../../wasm/arena.js';
import { keepBlock, layOut, placed } from '../../wasm/block.js';
import { type Job, stepsOf } from '../../wasm/crew.js';
import type { Host } from '../../wasm/host.js';
import { fromView } from '../../wasm/view.js';
import { keepWeights } from '../../wasm/weights.js';
import type { ConvJob, ConvOperands } from '../row.js';
import { multiplyStack, stackParts } from './stack.js';
import { blockwise, nothing, planeBytes, turning, weightSteps, windowParts } from './steps.js';
import { blockSize, blocksOf, depthOf, gatherWindows } from './windows.js';

type Forward = readonly [x: Address, weight: Address, bias: Address, y: Address];

/**
 * y = clamp(x by the weights of each position + bias). Few images read the weights where they stand: each is used once
 * an image.
 */
export function locallyForward(host: Host, p: ConvProblem): Job<Forward> {
  const { exports } = host;
  const depth = depthOf(p);
  const positions = p.oh * p.ow;
  const step = weightSteps(p);
  // with channels first, what comes out of a block is turned into its place
  const result = p.channelsLast ? 0 : p.n * blockSize(p) * p.oc * 4;
  const stack = { k: depth, n: p.oc, transposeB: !p.channelsLast };
  const { offsets, bytes } = layOut({ ...windowParts(p), ...stackParts(p, stack), result });
  const compute = blockwise<Forward>(p, blocksOf(p).count, ([x, weight, bias, y], block, own, planes) => {
    const at = placed(offsets, own);
    const { begin, count } = block;
    gatherWindows(host, p, block, p.channelsLast ? planes : x, at.windows, at);
    const [to, images] = p.channelsLast ? [y + begin * p.oc * 4, positions] : [at.result, count];
    const windows = { at: at.windows, image: depth * 4, position: p.n * depth * 4 };
    const weights = { at: weight + begin * step.position, ...step };
    const results = { at: to, image: images * p.oc * 4, position: p.oc * 4 };
    multiplyStack(host, p, stack, at, count, windows, weights, results, p.clamp, bias);
    for (let i = 0; !p.channelsLast && i < p.n; i++) {
      const to = y + (i * p.oc * positions + begin) * 4;
      exports.transpose(to, positions * 4, at.result + i * count * p.oc * 4, p.oc * 4, count, p.oc);
    }
  });
  const turn = turning<Forward>(host, p, p.ih * p.iw, p.ic, ([x], planes) => [x, planes]);
  return {
    ownBytes: bytes,
    sharedBytes: planeBytes(p),
    steps: p.channelsLast ? [turn, compute] : [compute],
    dispose: nothing,
  };
}

/** The same with weights and bias in kept memory, as they are: a layer reads its weights where they stand. */
export function locallyPrepared(
  host: Host,
  p: ConvProblem,
  weight: Float32Array,
  bias: Float32Array | undefined,
): ConvJob {
  const { arena } = host;
  const own = bias?.slice();
  return fromView(host, weight, (values) => {
    const at = keepBlock(arena, { bias: (own?.length ?? 0) * 4 });
    const kept = keepWeights(arena, at.block, values.length * 4, (to) => arena.f32(to, values.length).set(values));
    if (own) arena.f32(at.bias, own.length).set(own);
    const job = locallyForward(host, p);
    return {
      ...job,
      steps: stepsOf(job, ([x, , y]: ConvOperands): Forward => [x, kept.at, own ? at.bias : 0, y]),
      dispose: kept.dispose,
    };
  });
}
