import type { ConvProblem } from '../types.js';
import type { Address } from '../wasm/arena.js';
import { keepBlock } from '../wasm/block.js';
import type { Host } from '../wasm/host.js';
import { recordBytes, type Strides, strides, writeGeometry } from '../wasm/records.js';
import { prepareBlank } from './blank.js';
import { worthwhile } from './col2im.js';
import { type Chunk, Frame, TABLE_BYTES } from './frame.js';
import { type InputGradAlgorithm, turned } from './input-grad.js';
import { preparePanelsFrom, type WeightOrder } from './panels.js';
import { axesOf, borderCost, borderOf, type Residue, residuesOf } from './residues.js';
import { stagedByTap } from './staged.js';

/** Cells of gradX whose coordinates agree modulo the stride. */
interface ResidueClass {
  run(chunk: Chunk, images: number): void;
  dispose(): void;
}

/** Flat taps of a class, in the order in which its windows read gradY. */
function classOrder(p: ConvProblem, { taps, ...order }: WeightOrder, [z, y, x]: readonly Residue[]): WeightOrder {
  const flat = z.taps.flatMap((kz) => y.taps.flatMap((ky) => x.taps.map((kx) => (kz * p.kh + ky) * p.kw + kx)));
  return { ...order, taps: flat.map((tap) => taps[tap]) };
}

/**
 * One class: a dense stride-1 convolution of gradY with the class's taps, whose results stand a stride apart.
 * @param whole the turned problem with the border of gradY
 * @param core strides of gradX, channels last
 */
function prepareClass(
  host: Host,
  p: ConvProblem,
  whole: ConvProblem,
  weight: Address,
  order: WeightOrder,
  bias: Float32Array | undefined,
  residues: readonly [Residue, Residue, Residue],
  core: Strides,
): ResidueClass {
  const [z, y, x] = residues;
  const cells = z.count * y.count * x.count;
  const lattice = { n: core.n, c: 1, d: core.d * p.sd, h: core.h * p.sh, w: core.w * p.sw };
  const first = (z.first * core.d + y.first * core.h + x.first * core.w) * 4;
  const part: ConvProblem = {
    ...whole,
    ...{ kd: z.taps.length, kh: y.taps.length, kw: x.taps.length },
    ...{ dd: z.step, dh: y.step, dw: x.step, od: z.count, oh: y.count, ow: x.count },
  };
  if (part.kd * part.kh * part.kw === 0) {
    const blank = prepareBlank(host, part, bias, lattice);
    return {
      run: (chunk, images) => blank.run(chunk.y + first, chunk.addend && chunk.addend + first, images * cells, chunk.scratch),
      dispose: blank.dispose,
    };
  }
  const { geometry, product, groupPanelBytes, dispose } = preparePanelsFrom(host, part, weight, bias, {
    order: classOrder(p, order, residues),
    y: lattice,
  });
  const padded = strides(true, whole.ic, 0, whole.ph + whole.ih + whole.phEnd, whole.pw + whole.iw + whole.pwEnd);
  const origin = ((whole.pd + z.origin) * padded.d + (whole.ph + y.origin) * padded.h + (whole.pw + x.origin) * padded.w) * 4;
  return {
    run: (chunk, images) =>
      host.exports.convScattered(
        geometry,
        product,
        groupPanelBytes,
        chunk.image + origin,
        chunk.y + first,
        chunk.addend && chunk.addend + first,
        0,
        images * cells,
        chunk.scratch,
      ),
    dispose,
  };
}

/** Columns in a panel. */
const NR = 8;

/** Every class has its own records and panels; more than this and the classes have few cells or taps each. */
const MOST_CLASSES = 64;

/**
 * By residue class modulo the stride: the cells of one class are a dense stride-1 convolution of gradY with the taps that fall on them, so nothing
 * is multiplied by an inserted zero and every cell is written once. As sub-pixel convolution (Shi et al., 2016) for any stride and dilation.
 */
export const residue: InputGradAlgorithm = {
  name: 'residue',
  accuracy: 'high',
  refuses(p) {
    const classes = axesOf(p).reduce((product, { stride, input }) => product * Math.min(stride, input), 1);
    if (classes > MOST_CLASSES) return `the stride makes ${classes} classes`;
    const icg = p.ic / p.groups;
    const lanes = Math.ceil(icg / NR) * NR;
    const cost = (borderCost(p) * lanes) / icg;
    if (cost <= worthwhile(p)) return null;
    return `zeros around gradY and empty lanes (${icg} channels in ${lanes}) make ${cost.toFixed(1)} products of one`;
  },
  prepare(host, p, weight, bias, clamp) {
    const { arena } = host;
    const axes = axesOf(p);
    const [zs, ys, xs] = axes.map(residuesOf);
    const [[pd, pdEnd], [ph, phEnd], [pw, pwEnd]] = [zs, ys, xs].map((list, a) => borderOf(list, axes[a]));
    const whole: ConvProblem = { ...turned(p, clamp), pd, pdEnd, ph, phEnd, pw, pwEnd, flipKernel: false };
    const core = strides(true, p.ic, p.id, p.ih, p.iw);
    const at = keepBlock(arena, { geometry: recordBytes('geometry') });
    writeGeometry(host, at.geometry, whole);
    const classes: ResidueClass[] = [];
    const dispose = () => {
      for (const { dispose } of classes) dispose();
      arena.release(at.block);
    };
    try {
      stagedByTap(host, p, weight, (from, order) => {
        for (const z of zs) {
          for (const y of ys) {
            for (const x of xs) classes.push(prepareClass(host, p, whole, from, order, bias, [z, y, x], core));
          }
        }
      });
    } catch (error) {
      dispose();
      throw error;
    }
    const frame = new Frame(host, whole, at.geometry, () => TABLE_BYTES);
    const cells = p.id * p.ih * p.iw;
    return {
      scratchBytes: frame.scratchBytes,
      run: (gradY, gradX, addend, scratch) =>
        frame.run(gradY, gradX, addend, scratch, (chunk) => {
          for (const part of classes) part.run(chunk, chunk.pixels / cells);
        }),
      dispose,
    };
  },
};
