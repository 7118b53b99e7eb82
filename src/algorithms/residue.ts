import type { ConvProblem } from '../types.js';
import { keepBlock } from '../wasm/block.js';
import { recordBytes, writeGeometry } from '../wasm/records.js';
import { Frame } from './frame.js';
import { type InputGradAlgorithm, turned } from './input-grad.js';
import { col2imCost, residueCost } from './input-grad-cost.js';
import { prepareClass, type ResidueClass } from './residue-class.js';
import { type Axis, axesOf, borderOf, classesOf, type Residues } from './residues.js';
import { stagedByTap } from './staged.js';
import type { Points } from './winograd/points.js';

/** Runs a problem class by class. `pointsOf`: points of the tiles of a class, of so many, that is transformed. */
export function byClass(
  pointsOf: (whole: ConvProblem, residues: Residues, classes: number) => Points | undefined,
  ...[host, p, weight, bias, clamp]: Parameters<InputGradAlgorithm['prepare']>
): ReturnType<InputGradAlgorithm['prepare']> {
  const { arena } = host;
  const bare: ConvProblem = { ...turned(p, clamp), flipKernel: false };
  const all = classesOf(p);
  // what is transformed needs no zeros around it
  const points = all.map((residues) => pointsOf(bare, residues, all.length));
  const read = all.filter((_, i) => !points[i]);
  const border = (axis: Axis, a: number) =>
    borderOf(
      read.map((residues) => residues[a]),
      axis,
    );
  const [[pd, pdEnd], [ph, phEnd], [pw, pwEnd]] = axesOf(p).map(border);
  const whole: ConvProblem = { ...bare, pd, pdEnd, ph, phEnd, pw, pwEnd };
  const at = keepBlock(arena, { geometry: recordBytes('geometry') });
  writeGeometry(host, at.geometry, whole);
  const classes: ResidueClass[] = [];
  const dispose = () => {
    for (const { dispose } of classes) dispose();
    arena.release(at.block);
  };
  try {
    stagedByTap(host, p, weight, (at, order) => {
      const problem = { direct: p, whole, weight: at, order, bias };
      for (const [i, residues] of all.entries()) classes.push(prepareClass(host, problem, residues, points[i]));
    });
  } catch (error) {
    dispose();
    throw error;
  }
  const frame = new Frame(host, whole, at.geometry, () => Math.max(0, ...classes.map(({ scratchBytes }) => scratchBytes)));
  const cells = p.id * p.ih * p.iw;
  // clearing all of gradX at once is several times faster than class by class (1x1/4 1-128@56: 4)
  const clears = !bias && clamp[0] <= 0 && clamp[1] >= 0 && classes.some(({ taps }) => taps === 0);
  return {
    scratchBytes: frame.scratchBytes,
    run: (gradY, gradX, addend, scratch) =>
      frame.run(gradY, gradX, addend, scratch, (chunk) => {
        const cleared = clears && !chunk.addend;
        if (cleared) arena.f32(chunk.y, chunk.pixels * p.ic).fill(0);
        for (const part of classes) if (part.taps > 0 || !cleared) part.run(chunk, chunk.pixels / cells);
      }),
    dispose,
  };
}

/**
 * By residue class modulo the stride: the cells of one class are a dense stride-1 convolution of gradY with the taps that fall on them, so nothing
 * is multiplied by an inserted zero and every cell is written once. As sub-pixel convolution (Shi et al., 2016) for any stride and dilation.
 */
export const residue: InputGradAlgorithm = {
  name: 'residue',
  accuracy: 'high',
  refuses: () => null,
  declines(p) {
    const times = residueCost(p) / col2imCost(p);
    return times <= 1 ? null : `it would take ${times.toFixed(1)} times as long as GEMM and scatter`;
  },
  prepare: (...operands) => byClass(() => undefined, ...operands),
};
