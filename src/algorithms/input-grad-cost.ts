import type { ConvProblem } from '../types.js';
import { isDepthwise } from './residue-class.js';
import { axesOf, borderCost, residuesOf } from './residues.js';

/*
 * What the ways to an input gradient take, in multiply-adds of the register tile: fitted to 350 timings of problems of 1 to 1024 channels, 1 to 1024
 * groups, one to three axes, prepared and not, each in turns with the others. By these figures the way taken is within 10 % of the fastest for 94 %.
 */
/** Columns in a panel. */
const NR = 8;
/** One channel of one cell, stored. */
const PER_RESULT = 4;
/** A class of cells: records and one call; the same made ready for this call alone. */
const PER_CLASS = 110e3;
const PER_NEW_CLASS = 130e3;
/** A multiply-add of the depthwise kernel. */
const PER_DEPTHWISE = 2;
/** GEMM and scatter: columns computed and added, a position's tap in one group, one group, all. */
const PER_COLUMN = 9;
const PER_TAP = 32;
const PER_GROUP = 17e3;
const SCATTER = 220e3;
/** A weight packed for this call alone: class by class, at once, after an exchange of channels. */
const PER_NEW_WEIGHT = { residue: 43, col2im: 30, flipped: 30 } as const;
/** Records of a forward row made for this call alone. */
const NEW_ROW = 100e3;

const roundUp = (count: number) => Math.ceil(count / NR) * NR;

const weights = (p: ConvProblem) => (p.kd * p.kh * p.kw * p.oc * p.ic) / p.groups;

/** Products over every tap of each cell, and the results. */
function sums(p: ConvProblem): number {
  const positions = p.n * p.od * p.oh * p.ow;
  const perChannel = isDepthwise(p) ? PER_DEPTHWISE * p.oc : p.oc * roundUp(p.ic / p.groups);
  return borderCost(p) * positions * p.kd * p.kh * p.kw * perChannel + PER_RESULT * p.n * p.id * p.ih * p.iw * p.ic;
}

/** Sums by residue class. */
export function residueCost(p: ConvProblem): number {
  const tapped = axesOf(p).map((axis) => residuesOf(axis).filter(({ taps }) => taps.length > 0).length);
  const classes = tapped.reduce((product, count) => product * count, 1);
  const anew = p.prepared ? 0 : PER_NEW_CLASS * classes + PER_NEW_WEIGHT.residue * weights(p);
  return sums(p) + PER_CLASS * classes + anew;
}

/** GEMM and scatter. */
export function col2imCost(p: ConvProblem): number {
  const positions = p.n * p.od * p.oh * p.ow;
  const taps = p.kd * p.kh * p.kw;
  const columns = p.groups * roundUp((taps * p.ic) / p.groups);
  const products = positions * (p.oc / p.groups + PER_COLUMN) * columns;
  const added = positions * taps * PER_TAP * p.groups + PER_RESULT * p.n * p.id * p.ih * p.iw * p.ic;
  return products + added + SCATTER + PER_GROUP * p.groups + (p.prepared ? 0 : PER_NEW_WEIGHT.col2im * weights(p));
}

/** A forward row that takes so much of the time that the sums take in the tile. */
export function flippedCost(p: ConvProblem, relative: number): number {
  const anew = p.prepared ? 0 : NEW_ROW + PER_NEW_WEIGHT.flipped * weights(p);
  return relative * sums(p) + PER_CLASS + anew;
}
