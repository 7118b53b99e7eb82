import type { ConvProblem } from '../../types.js';
import type { Address } from '../../wasm/arena.js';
import { layOut, placed } from '../../wasm/block.js';
import { OUTER, OUTER_BYTES, OUTER_SCRATCH, PANEL_STEP, RUN_BYTES } from '../../wasm/boundary.js';
import type { Job, Step } from '../../wasm/crew.js';
import type { Host } from '../../wasm/host.js';
import { writeRecord } from '../../wasm/records.js';
import { multiplyStack, stackParts } from './stack.js';
import { blockwise, nothing, pixelBytes, planeBytes, turning, weightSteps, windowParts } from './steps.js';
import { type Block, blocksOf, depthOf, gatherWindows, scatterWindows } from './windows.js';

const unbounded = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;

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
          overwrites: keep || first > 0 ? 0 : 1,
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
