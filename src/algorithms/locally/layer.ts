import type { ConvProblem } from '../../types.js';
import type { Address } from '../../wasm/arena.js';
import { keepBlock, layOut, placed } from '../../wasm/block.js';
import { GEOMETRY_BYTES, OUTER, OUTER_BYTES, OUTER_SCRATCH, PANEL_STEP, RUN_BYTES } from '../../wasm/boundary.js';
import { type Job, type Step, stepsOf } from '../../wasm/crew.js';
import type { Host } from '../../wasm/host.js';
import { writeRecord } from '../../wasm/records.js';
import { fromView } from '../../wasm/view.js';
import { keepWeights } from '../../wasm/weights.js';
import type { ConvJob, ConvOperands } from '../row.js';
import { multiplyStack, stackParts } from './stack.js';
import { type Block, blockSize, blocksOf, depthOf, gatherWindows, scatterWindows } from './windows.js';

const unbounded = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;

/** Turns [rows][cols] floats of each image, from one operand or place to another. */
const turning = <Operands>(
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
const blockwise = <Operands>(
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
function windowParts(p: ConvProblem) {
  const columns = blockSize(p) * depthOf(p) * 4;
  return { geometry: GEOMETRY_BYTES, columns, windows: p.n * columns };
}

/** Bytes of x turned to channels-first planes, or of the gradient turned to channels-last pixels. */
const planeBytes = (p: ConvProblem) => (p.channelsLast ? p.n * p.ic * p.ih * p.iw * 4 : 0);
const pixelBytes = (p: ConvProblem) => (p.channelsLast ? 0 : p.n * p.oc * p.oh * p.ow * 4);

/**
 * Weights seen from one position: bytes to the next position, and from row to row of [oc][inputs] or, with channels
 * last, [inputs][oc].
 */
function weightSteps(p: ConvProblem) {
  const depth = depthOf(p);
  return p.channelsLast
    ? { position: depth * p.oc * 4, row: p.oc * 4 }
    : { position: depth * 4, row: p.oh * p.ow * depth * 4 };
}

const nothing = () => {};

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
    const kept = keepWeights(arena, values.length * 4, (to) => arena.f32(to, values.length).set(values));
    if (own) arena.f32(at.bias, own.length).set(own);
    const job = locallyForward(host, p);
    return {
      ...job,
      steps: stepsOf(job, ([x, , y]: ConvOperands): Forward => [x, kept.at, own ? at.bias : 0, y]),
      dispose() {
        arena.release(at.block);
        kept.release();
      },
    };
  });
}

type InputGrad = readonly [gradY: Address, weight: Address, gradX: Address];

/** gradX, or gradX += it with `keep`. */
export function locallyInputGrad(host: Host, p: ConvProblem, keep: boolean): Job<InputGrad> {
  const depth = depthOf(p);
  const cells = p.ih * p.iw;
  const positions = p.oh * p.ow;
  const step = weightSteps(p);
  const stack = { k: p.oc, n: depth, transposeB: p.channelsLast };
  const { offsets, bytes } = layOut({ ...windowParts(p), ...stackParts(p, stack) });
  const before: Step<InputGrad> = p.channelsLast
    ? turning(host, p, cells, p.ic, ([, , gradX], planes) => [gradX, planes])
    : turning(host, p, p.oc, positions, ([gradY], pixels) => [gradY, pixels]);
  const clear: Step<InputGrad> = {
    units: 1,
    run: ([, , gradX], _begin, _end, _own, planes) => {
      host.arena.f32(p.channelsLast ? planes : gradX, p.n * p.ic * cells).fill(0);
    },
  };
  const compute = blockwise<InputGrad>(p, 1, ([gradY, weight, gradX], block, own, turned) => {
    const at = placed(offsets, own);
    const { begin, count } = block;
    const pixels = p.channelsLast ? gradY : turned;
    const rows = { at: pixels + begin * p.oc * 4, image: positions * p.oc * 4, position: p.oc * 4 };
    const weights = { at: weight + begin * step.position, ...step };
    const windows = { at: at.windows, image: depth * 4, position: p.n * depth * 4 };
    multiplyStack(host, p, stack, at, count, rows, weights, windows, unbounded, 0);
    scatterWindows(host, p, block, at.windows, p.channelsLast ? turned : gradX, at);
  });
  const back = turning<InputGrad>(host, p, p.ic, cells, ([, , gradX], planes) => [planes, gradX]);
  const turns = !p.channelsLast || keep;
  return {
    ownBytes: bytes,
    sharedBytes: Math.max(planeBytes(p), pixelBytes(p)),
    steps: [...(turns ? [before] : []), ...(keep ? [] : [clear]), compute, ...(p.channelsLast ? [back] : [])],
    dispose: nothing,
  };
}

/** Images whose products are summed in one chain of additions. */
const MOST_IMAGES = 256;

type WeightGrad = readonly [x: Address, gradY: Address, gradWeight: Address];

/** gradWeight, or gradWeight += it with `keep`: at every position the outer product of window and gradient. */
export function locallyWeightGrad(host: Host, p: ConvProblem, keep: boolean): Job<WeightGrad> {
  const { exports } = host;
  const depth = depthOf(p);
  const positions = p.oh * p.ow;
  const step = weightSteps(p);
  const { offsets, bytes } = layOut({ ...windowParts(p), outer: OUTER_BYTES, runs: RUN_BYTES, kernel: OUTER_SCRATCH });
  /** An operand of a block: its place, and bytes from image to image and from position to position. */
  const operands = (block: Block, windows: Address, pixels: Address) => {
    const pixel = p.oc * 4;
    const inputs = { at: windows, image: depth * 4, position: p.n * depth * 4, width: depth };
    const outputs = { at: pixels + block.begin * pixel, image: positions * pixel, position: pixel, width: p.oc };
    return p.channelsLast ? ([inputs, outputs] as const) : ([outputs, inputs] as const);
  };
  const turn: Step<WeightGrad> = p.channelsLast
    ? turning(host, p, p.ih * p.iw, p.ic, ([x], planes) => [x, planes])
    : turning(host, p, p.oc, positions, ([, gradY], pixels) => [gradY, pixels]);
  // without images
  const clear: Step<WeightGrad> = {
    units: 1,
    run([, , gradWeight]) {
      host.arena.f32(gradWeight, positions * depth * p.oc).fill(0);
    },
  };
  const compute = blockwise<WeightGrad>(p, blocksOf(p).count, ([x, gradY, gradWeight], block, own, turned) => {
    const at = placed(offsets, own);
    gatherWindows(host, p, block, p.channelsLast ? turned : x, at.windows, at);
    const [a, b] = operands(block, at.windows, p.channelsLast ? gradY : turned);
    for (let first = 0; first < p.n; first += MOST_IMAGES) {
      host.arena.i32(at.runs, 3).set([0, 0, Math.min(MOST_IMAGES, p.n - first) * b.image]);
      writeRecord(host, OUTER, at.outer, {
        ...{ runs: at.runs, runsEnd: at.runs + RUN_BYTES, aStep: a.image, bStep: b.image, bPanel: PANEL_STEP },
        ...{ a: a.at + first * a.image, b: b.at + first * b.image },
        ...{
          c: gradWeight + block.begin * step.position,
          ldc: step.row,
          fresh: keep || first > 0 ? 0 : 1,
          mr: host.mr,
        },
      });
      const steps = [a.position, b.position, step.position] as const;
      exports.outerBatch(at.outer, a.width, b.width, ...steps, 0, block.count, at.kernel);
    }
  });
  return {
    ownBytes: bytes,
    sharedBytes: Math.max(planeBytes(p), pixelBytes(p)),
    steps: p.n > 0 ? [turn, compute] : [clear],
    dispose: nothing,
  };
}
