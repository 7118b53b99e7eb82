import type { ConvProblem } from '../../types.js';
import type { Address } from '../../wasm/arena.js';
import { layOut, placed } from '../../wasm/block.js';
import { OUTER_SCRATCH } from '../../wasm/constants.js';
import type { Host } from '../../wasm/host.js';
import { recordBytes, writeRecord } from '../../wasm/records.js';
import { multiplyStack, stackParts } from './stack.js';
import { type Block, blockSize, blocksOf, depthOf, gatherWindows, scatterWindows } from './windows.js';

const unbounded = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;

/** A computation on operands in linear memory, in the caller's layout. Few images read the weights where they stand: each is used once an image. */
export interface LocalLayer<Operands extends readonly Address[]> {
  readonly scratchBytes: number;
  run(operands: Operands, scratch: Address): void;
}

/** Turns batches of [rows][cols] floats. */
function turn({ exports }: Host, n: number, from: Address, to: Address, rows: number, cols: number): void {
  for (let i = 0; i < n; i++) {
    const offset = i * rows * cols * 4;
    exports.transpose(to + offset, rows * 4, from + offset, cols * 4, rows, cols);
  }
}

/** What all three have in their scratch: the windows of a block, channels-first planes and a channels-last gradient, where the caller's are not. */
function parts(p: ConvProblem) {
  const windows = blockSize(p) * depthOf(p) * 4;
  return {
    geometry: recordBytes('geometry'),
    columns: windows,
    windows: p.n * windows,
    planes: p.channelsLast ? p.n * p.ic * p.ih * p.iw * 4 : 0,
    pixels: p.channelsLast ? 0 : p.n * p.oc * p.oh * p.ow * 4,
  };
}

/** Weights seen from one position: bytes to the next position, and from row to row of [oc][inputs] or, with channels last, [inputs][oc]. */
function weightSteps(p: ConvProblem) {
  const depth = depthOf(p);
  return p.channelsLast ? { position: depth * p.oc * 4, row: p.oc * 4 } : { position: depth * 4, row: p.oh * p.ow * depth * 4 };
}

/** y = clamp(x by the weights of each position + bias): operands x, weight, bias (or 0), y. */
export function locallyForward(host: Host, p: ConvProblem): LocalLayer<readonly [Address, Address, Address, Address]> {
  const { exports } = host;
  const depth = depthOf(p);
  const positions = p.oh * p.ow;
  const step = weightSteps(p);
  const { pixels: _, ...shared } = parts(p);
  // with channels first, what comes out of a block is turned into its place
  const blockBytes = p.channelsLast ? 0 : p.n * blockSize(p) * p.oc * 4;
  const stack = { k: depth, n: p.oc, transposeB: !p.channelsLast };
  const { offsets, bytes } = layOut({ ...shared, ...stackParts(p, stack), result: blockBytes });
  return {
    scratchBytes: bytes,
    run([x, weight, bias, y], scratch) {
      const at = placed(offsets, scratch);
      const planes = p.channelsLast ? at.planes : x;
      if (p.channelsLast) turn(host, p.n, x, planes, p.ih * p.iw, p.ic);
      for (const block of blocksOf(p)) {
        const { begin, count } = block;
        gatherWindows(host, p, block, planes, at.windows, at);
        const [to, images] = p.channelsLast ? [y + begin * p.oc * 4, positions] : [at.result, count];
        const windows = { at: at.windows, image: depth * 4, position: p.n * depth * 4 };
        const weights = { at: weight + begin * step.position, ...step };
        const results = { at: to, image: images * p.oc * 4, position: p.oc * 4 };
        multiplyStack(host, p, stack, at, count, windows, weights, results, p.clamp, bias);
        for (let i = 0; !p.channelsLast && i < p.n; i++) {
          const to = y + (i * p.oc * positions + begin) * 4;
          exports.transpose(to, positions * 4, at.result + i * count * p.oc * 4, p.oc * 4, count, p.oc);
        }
      }
    },
  };
}

/** gradX, or gradX += it with `keep`: operands gradY, weight, gradX. */
export function locallyInputGrad(host: Host, p: ConvProblem, keep: boolean): LocalLayer<readonly [Address, Address, Address]> {
  const { arena } = host;
  const depth = depthOf(p);
  const cells = p.ih * p.iw;
  const positions = p.oh * p.ow;
  const step = weightSteps(p);
  const stack = { k: p.oc, n: depth, transposeB: p.channelsLast };
  const { offsets, bytes } = layOut({ ...parts(p), ...stackParts(p, stack) });
  return {
    scratchBytes: bytes,
    run([gradY, weight, gradX], scratch) {
      const at = placed(offsets, scratch);
      const planes = p.channelsLast ? at.planes : gradX;
      const pixels = p.channelsLast ? gradY : at.pixels;
      if (!p.channelsLast) turn(host, p.n, gradY, pixels, p.oc, positions);
      if (!keep) arena.f32(planes, p.n * p.ic * cells).fill(0);
      else if (p.channelsLast) turn(host, p.n, gradX, planes, cells, p.ic);
      for (const block of blocksOf(p)) {
        const { begin, count } = block;
        const rows = { at: pixels + begin * p.oc * 4, image: positions * p.oc * 4, position: p.oc * 4 };
        const weights = { at: weight + begin * step.position, ...step };
        const windows = { at: at.windows, image: depth * 4, position: p.n * depth * 4 };
        multiplyStack(host, p, stack, at, count, rows, weights, windows, unbounded, 0);
        scatterWindows(host, p, block, at.windows, planes, at);
      }
      if (p.channelsLast) turn(host, p.n, planes, gradX, p.ic, cells);
    },
  };
}

/** gradWeight, or gradWeight += it with `keep`: at every position the outer product of window and gradient. Operands x, gradY, gradWeight. */
export function locallyWeightGrad(host: Host, p: ConvProblem, keep: boolean): LocalLayer<readonly [Address, Address, Address]> {
  const { exports } = host;
  const depth = depthOf(p);
  const positions = p.oh * p.ow;
  const step = weightSteps(p);
  const { offsets, bytes } = layOut({ ...parts(p), outer: recordBytes('outer'), runs: 12, rest: OUTER_SCRATCH });
  /** An operand of a block: its place, and bytes from image to image and from position to position. */
  const operands = (block: Block, windows: Address, pixels: Address) => {
    const pixel = p.oc * 4;
    const inputs = { at: windows, image: depth * 4, position: p.n * depth * 4, width: depth };
    const outputs = { at: pixels + block.begin * pixel, image: positions * pixel, position: pixel, width: p.oc };
    return p.channelsLast ? ([inputs, outputs] as const) : ([outputs, inputs] as const);
  };
  return {
    scratchBytes: bytes,
    run([x, gradY, gradWeight], scratch) {
      const at = placed(offsets, scratch);
      const planes = p.channelsLast ? at.planes : x;
      const pixels = p.channelsLast ? gradY : at.pixels;
      if (p.channelsLast) turn(host, p.n, x, planes, p.ih * p.iw, p.ic);
      else turn(host, p.n, gradY, pixels, p.oc, positions);
      for (const block of blocksOf(p)) {
        gatherWindows(host, p, block, planes, at.windows, at);
        const [a, b] = operands(block, at.windows, pixels);
        host.arena.i32(at.runs, 3).set([0, 0, p.n * b.image]);
        writeRecord(host, 'outer', at.outer, {
          ...{ runs: at.runs, runsEnd: at.runs + 12, a: a.at, aStep: a.image, b: b.at, bStep: b.image, bPanel: 32 },
          ...{ c: gradWeight + block.begin * step.position, ldc: step.row, fresh: keep ? 0 : 1, mr: host.mr },
        });
        exports.outerBatch(at.outer, a.width, b.width, a.position, b.position, step.position, 0, block.count, at.rest);
      }
    },
  };
}
