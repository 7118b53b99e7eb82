import type { ConvProblem } from '../types.js';
import { keepBlock } from '../wasm/block.js';
import { GEOMETRY_BYTES } from '../wasm/boundary.js';
import type { Host } from '../wasm/host.js';
import { fill, writeGeometry } from '../wasm/records.js';
import { mayShare, partSize, tooFew } from '../wasm/sharing.js';
import { Door, throughDoor } from './door.js';
import { col2imCost, residueCost } from './input-grad-cost.js';
import { rangesOf } from './ranges.js';
import { prepareClass, type ResidueClass } from './residue-class.js';
import { type Axis, axesOf, borderOf, classesOf, type Residues } from './residues.js';
import type { ConvRow } from './row.js';
import { stagedByTap } from './staged.js';
import { transposedProblem } from './transposed-problem.js';
import { throughWholeDoor, type WholeCore } from './whole-door.js';
import type { Points } from './winograd/points.js';

/** Runs a problem class by class. `pointsOf`: points of the tiles of a class, of so many, that is transformed. */
export function byClass(
  pointsOf: (whole: ConvProblem, residues: Residues, classes: number) => Points | undefined,
  ...[host, p, weight, bias]: Parameters<ConvRow['prepare']>
): ReturnType<ConvRow['prepare']> {
  const { arena } = host;
  const bare: ConvProblem = { ...transposedProblem(p), flipKernel: false };
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
  const at = keepBlock(arena, { geometry: GEOMETRY_BYTES });
  writeGeometry(host, at.geometry, whole);
  const classes = stagedByTap(host, p, weight, (at, order): ResidueClass[] => {
    const problem = { direct: p, whole, weight: at, order, bias };
    return all.map((residues, i) => prepareClass(host, problem, residues, points[i]));
  });
  const core = classes.reduce((most, { scratchBytes }) => Math.max(most, scratchBytes), 0);
  const cells = p.id * p.ih * p.iw;
  // clearing all of gradX at once is several times faster than class by class (convT_ic1ih56iw56_oc128_sh4sw4: 4)
  const [lo, hi] = p.clamp;
  const clears = !bias && lo <= 0 && hi >= 0 && classes.some(({ taps }) => taps === 0);
  const dispose = () => {
    for (const { dispose } of classes) dispose();
    arena.release(at.block);
  };
  if (mayShare && tooFew(host, p.n)) {
    return throughWholeDoor(
      host,
      whole,
      at.geometry,
      { ...inParts(host, p.n, classes, clears), scratchBytes: core },
      dispose,
    );
  }
  return throughDoor(
    new Door(host, whole, at.geometry, { core: () => core }),
    (piece) => {
      const cleared = clears && !piece.addend;
      if (cleared) fill(host, piece.y, piece.end * p.ic, 0);
      for (const part of classes) if (part.taps > 0 || !cleared) part.run(piece, 0, (part.units * piece.end) / cells);
    },
    dispose,
  );
}

/**
 * Classes of `n` images cut for threads: units are parts of classes. `clears`: without an addend blank ones are done.
 */
function inParts(host: Host, n: number, classes: readonly ResidueClass[], clears: boolean) {
  const parts = classes.flatMap((of) => {
    const all = n * of.units;
    return rangesOf(all, partSize(host, all, all, of.least)).map(([begin, end]) => ({ of, begin, end }));
  });
  const run: WholeCore['run'] = (piece, first, last) => {
    for (const { of, begin, end } of parts.slice(first, last))
      if (of.taps > 0 || !clears || piece.addend) of.run(piece, begin, end);
  };
  return { units: parts.length, clears, run };
}

/**
 * By residue class modulo the stride: the cells of one class are a dense stride-1 convolution of gradY with the taps
 * that fall on them, so nothing is multiplied by an inserted zero and every cell is written once. As sub-pixel
 * convolution (Shi et al., 2016) for any stride and dilation.
 */
export const residue: ConvRow = {
  name: 'residue',
  accuracy: 'high',
  refuses: () => null,
  declines(p) {
    const times = residueCost(p) / col2imCost(p);
    return times <= 1 ? null : `it would take ${times.toFixed(1)} times as long as GEMM and scatter`;
  },
  prepare: (...operands) => byClass(() => undefined, ...operands),
};
