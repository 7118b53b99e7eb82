import type { ConvProblem } from '../types.js';
import type { Address } from '../wasm/arena.js';
import { INDIRECT_SCRATCH } from '../wasm/boundary.js';
import type { Host } from '../wasm/host.js';
import { strides } from '../wasm/records.js';
import { prepareBlank } from './blank.js';
import { depthwise, prepareDepthwise } from './depthwise.js';
import type { Piece as DoorPiece } from './door-options.js';
import { overPadded, paddedExtents } from './padded.js';
import { type PanelOptions, preparePanelsFrom, type WeightOrder } from './panels.js';
import type { Residues } from './residues.js';
import { prepareTransformed } from './transformed-class.js';
import type { Points } from './winograd/points.js';

/** What the classes of a problem share. */
export interface ResidueProblem {
  /** The direct convolution. */
  readonly direct: ConvProblem;
  /** Its turned problem, with the border that gradY gets. */
  readonly whole: ConvProblem;
  /** Weights in linear memory, k counting the output channels of the direct convolution and n its input channels. */
  readonly weight: Address;
  readonly order: WeightOrder;
  readonly bias: Float32Array | undefined;
}

/** What a class sees of a batch. */
export type Piece = Pick<DoorPiece, 'image' | 'y' | 'addend' | 'scratch'>;

/** Cells of gradX whose coordinates agree modulo the stride, ready to be computed. */
export interface ResidueClass {
  readonly taps: number;
  /** Scratch of a run, in bytes. */
  readonly scratchBytes: number;
  /** Rows, or tiles, of an image, and of a part that is worth it. */
  readonly units: number;
  readonly least: number;
  /** Units [begin, end), numbered image by image. */
  run(piece: Piece, begin: number, end: number): void;
  dispose(): void;
}

/** Computes a class: `y` and `addend` are those of its first cell. */
interface Core extends Omit<ResidueClass, 'taps' | 'run'> {
  run(image: Address, y: Address, addend: Address, begin: number, end: number, scratch: Address): void;
}

/** Pixels of a part at least: each reads the weights anew. */
const LEAST_PIXELS = 48;

/** Whether the classes of a problem have lanes that are channels. */
export const isDepthwise = (p: ConvProblem): boolean => p.groups === p.oc && depthwise.refuses(p) === null;

/** The convolution of one class over the image of `whole`, without its offset. */
const classProblem = (whole: ConvProblem, [z, y, x]: Residues): ConvProblem => ({
  ...whole,
  ...{ kd: z.taps.length, kh: y.taps.length, kw: x.taps.length },
  ...{ dd: z.step, dh: y.step, dw: x.step, od: z.count, oh: y.count, ow: x.count },
});

/**
 * The same as Winograd's tiles see it, over the padded image of `whole`: channels last, what they read outside is
 * zeros.
 */
export const forTiles = (whole: ConvProblem, residues: Residues): ConvProblem => ({
  ...overPadded(classProblem(whole, residues)),
  ...{ channelsLast: true, weightsLast: true },
  ...{ pd: -whole.pd - residues[0].origin, ph: -whole.ph - residues[1].origin, pw: -whole.pw - residues[2].origin },
});

/** The flat taps of a class, in the order in which its windows read gradY. */
function classOrder({ direct: p, order }: ResidueProblem, [z, y, x]: Residues): WeightOrder {
  const flat = z.taps.flatMap((kz) => y.taps.flatMap((ky) => x.taps.map((kx) => (kz * p.kh + ky) * p.kw + kx)));
  return { ...order, taps: flat.map((tap) => order.taps[tap]) };
}

/** The kernel that suits a class; its results stand a stride apart. */
function prepareCore(host: Host, problem: ResidueProblem, residues: Residues, points: Points | undefined): Core {
  const { direct, whole, weight, bias } = problem;
  const part = classProblem(whole, residues);
  const gradX = strides(true, direct.ic, direct.id, direct.ih, direct.iw);
  const lattice = { ...gradX, d: gradX.d * direct.sd, h: gradX.h * direct.sh, w: gradX.w * direct.sw };
  const padded = paddedExtents(whole);
  const gradY = strides(true, whole.ic, padded.id, padded.ih, padded.iw);
  const [d, h, w] = residues.map(({ origin }) => origin);
  const origin = ((whole.pd + d) * gradY.d + (whole.ph + h) * gradY.h + (whole.pw + w) * gradY.w) * 4;
  const { ow } = part;
  const rows = { units: part.od * part.oh, least: Math.ceil(LEAST_PIXELS / ow) };
  const order = classOrder(problem, residues);
  const options: PanelOptions = { order, y: lattice };

  if (order.taps.length === 0) {
    const { run, dispose } = prepareBlank(host, part, bias, lattice);
    return {
      ...rows,
      scratchBytes: INDIRECT_SCRATCH,
      run: (_, y, addend, begin, end, scratch) => run(y, addend, begin * ow, end * ow, scratch),
      dispose,
    };
  }
  if (isDepthwise(direct)) {
    const values = host.arena.f32(weight, direct.oc * direct.kd * direct.kh * direct.kw);
    const { run, ...core } = prepareDepthwise(host, part, values, bias, options);
    return {
      ...rows,
      ...core,
      run: (image, ...operands) => run(image + origin, ...operands),
    };
  }
  if (points) return prepareTransformed(host, forTiles(whole, residues), points, weight, order, bias, lattice);
  const { geometry, product, groupPanelBytes, dispose } = preparePanelsFrom(host, part, weight, bias, options);
  return {
    ...rows,
    scratchBytes: INDIRECT_SCRATCH,
    run(image, y, addend, begin, end, scratch) {
      const operands = [image + origin, y, addend, begin * ow, end * ow, scratch] as const;
      host.exports.convIndirect(geometry, product, groupPanelBytes, ...operands);
    },
    dispose,
  };
}

/**
 * One class: a dense stride-1 convolution of gradY with the taps of the class; without taps, the bias alone.
 * @param points of its tiles, if it is transformed
 */
export function prepareClass(host: Host, problem: ResidueProblem, residues: Residues, points?: Points): ResidueClass {
  const { run, ...core } = prepareCore(host, problem, residues, points);
  const p = problem.direct;
  const gradX = strides(true, p.ic, p.id, p.ih, p.iw);
  const [z, y, x] = residues;
  const first = (z.first * gradX.d + y.first * gradX.h + x.first * gradX.w) * 4;
  return {
    ...core,
    taps: z.taps.length * y.taps.length * x.taps.length,
    run: ({ image, y, addend, scratch }, begin, end) =>
      run(image, y + first, addend && addend + first, begin, end, scratch),
  };
}
