import type { ConvProblem } from '../types.js';
import type { Address } from '../wasm/arena.js';
import type { Host } from '../wasm/host.js';
import { strides } from '../wasm/records.js';
import { prepareBlank } from './blank.js';
import { depthwise, prepareDepthwise } from './depthwise.js';
import { type Chunk, TABLE_BYTES } from './frame.js';
import { type PanelOptions, preparePanelsFrom, type WeightOrder } from './panels.js';
import type { Residues } from './residues.js';
import { classProblem, prepareTransformed, tileless } from './transformed-class.js';
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

/** Cells of gradX whose coordinates agree modulo the stride, ready to be computed. */
export interface ResidueClass {
  readonly taps: number;
  /** Scratch of a run, in bytes. */
  readonly scratchBytes: number;
  run(chunk: Chunk, images: number): void;
  dispose(): void;
}

/** Whether the classes of a problem have lanes that are channels. */
export const isDepthwise = (p: ConvProblem): boolean => p.groups === p.oc && depthwise.refuses(p) === null;

/** The flat taps of a class, in the order in which its windows read gradY. */
function classOrder({ direct: p, order }: ResidueProblem, [z, y, x]: Residues): WeightOrder {
  const flat = z.taps.flatMap((kz) => y.taps.flatMap((ky) => x.taps.map((kx) => (kz * p.kh + ky) * p.kw + kx)));
  return { ...order, taps: flat.map((tap) => order.taps[tap]) };
}

/** One class: a dense stride-1 convolution of gradY with the taps of the class, whose results stand a stride apart; without taps, the bias alone. `points`: of its tiles, if it is transformed. */
export function prepareClass(host: Host, problem: ResidueProblem, residues: Residues, points?: Points): ResidueClass {
  const { direct, whole, weight, bias } = problem;
  const [z, y, x] = residues;
  const part = classProblem(whole, residues);
  const gradX = strides(true, direct.ic, direct.id, direct.ih, direct.iw);
  const lattice = { ...gradX, d: gradX.d * direct.sd, h: gradX.h * direct.sh, w: gradX.w * direct.sw };
  const first = (z.first * gradX.d + y.first * gradX.h + x.first * gradX.w) * 4;
  const [padD, padH, padW] = [
    whole.pd + whole.id + whole.pdEnd,
    whole.ph + whole.ih + whole.phEnd,
    whole.pw + whole.iw + whole.pwEnd,
  ];
  const gradY = strides(true, whole.ic, padD, padH, padW);
  const origin = ((whole.pd + z.origin) * gradY.d + (whole.ph + y.origin) * gradY.h + (whole.pw + x.origin) * gradY.w) * 4;
  const cells = z.count * y.count * x.count;
  const order = classOrder(problem, residues);
  const options: PanelOptions = { order, y: lattice };

  const taps = part.kd * part.kh * part.kw;
  if (taps === 0) {
    const blank = prepareBlank(host, part, bias, lattice);
    return {
      taps,
      scratchBytes: TABLE_BYTES,
      run: (chunk, images) => blank.run(chunk.y + first, chunk.addend && chunk.addend + first, images * cells, chunk.scratch),
      dispose: blank.dispose,
    };
  }
  if (isDepthwise(direct)) {
    const values = host.arena.f32(weight, direct.oc * direct.kd * direct.kh * direct.kw);
    const { scratchBytes, run, dispose } = prepareDepthwise(host, part, values, bias, options);
    return {
      taps,
      scratchBytes,
      run({ image, y, addend, scratch }, images) {
        for (let n = 0; n < images; n++) {
          const at = first + n * gradX.n * 4;
          run(image + origin + n * gradY.n * 4, y + at, addend && addend + at, scratch);
        }
      },
      dispose,
    };
  }
  if (points) {
    const seen = tileless(whole, residues);
    const { scratchBytes, run, dispose } = prepareTransformed(host, seen, points, weight, order, bias, lattice);
    return {
      taps,
      scratchBytes,
      run: (chunk, images) => run(chunk.image, chunk.y + first, chunk.addend && chunk.addend + first, chunk.scratch, images),
      dispose,
    };
  }
  const { geometry, product, groupPanelBytes, dispose } = preparePanelsFrom(host, part, weight, bias, options);
  return {
    taps,
    scratchBytes: TABLE_BYTES,
    run({ image, y, addend, scratch }, images) {
      const to = addend && addend + first;
      host.exports.convIndirect(geometry, product, groupPanelBytes, image + origin, y + first, to, 0, images * cells, scratch);
    },
    dispose,
  };
}
