import type { ConvProblem } from '../types.js';
import { isDepthwise } from './residue-class.js';
import { axesOf, borderCost, residuesOf } from './residues.js';
import { wholePanels } from './tile-record.js';

/*
 * What the ways to an input gradient take, in multiply-adds of the register tile: fitted to 650 timings of problems of
 * 1 to 1024 channels, 1 to 1024 groups, one to three axes, prepared and not, each in turns with the others. Between
 * classes and scatter the faster one by these figures is within 10 % of the other for 98 %. What is new is made for
 * this call alone.
 */
/** One channel of one cell, stored. */
const PER_RESULT = 4.5;
/** A multiply-add of the depthwise kernel. */
const PER_DEPTHWISE = 1.6;
/** A class of cells; one on which no tap falls costs its records. */
const PER_CLASS = 36e3;
const PER_NEW_CLASS = 264e3;
const PER_NEW_BLANK = 140e3;
/** GEMM and scatter: columns computed and added, a position's tap in one group, one group, all. */
const PER_COLUMN = 7.5;
const PER_TAP = 30;
const PER_GROUP = 12e3;
const PER_NEW_GROUP = 6.5e3;
const SCATTER = 62e3;
const NEW_SCATTER = 360e3;
/** The records of a forward row. */
const NEW_ROW = 230e3;
/** A weight packed class by class, at once, after an exchange of channels. */
const PER_NEW_WEIGHT = { residue: 49, col2im: 37, flipped: 37 } as const;

const weights = (p: ConvProblem) => (p.kd * p.kh * p.kw * p.oc * p.ic) / p.groups;

/** Products over every tap of each cell, and the results. */
function sums(p: ConvProblem): number {
  const positions = p.n * p.od * p.oh * p.ow;
  const perChannel = isDepthwise(p) ? PER_DEPTHWISE * p.oc : p.oc * wholePanels(p.ic / p.groups);
  return borderCost(p) * positions * p.kd * p.kh * p.kw * perChannel + PER_RESULT * p.n * p.id * p.ih * p.iw * p.ic;
}

/** Sums by residue class, in `share` of the time that they take in the tile. */
export function residueCost(p: ConvProblem, share = 1): number {
  const axes = axesOf(p).map(residuesOf);
  const count = (sizes: readonly number[]) => sizes.reduce((product, size) => product * size, 1);
  const classes = count(axes.map((residues) => residues.filter(({ taps }) => taps.length > 0).length));
  const blanks = count(axes.map(({ length }) => length)) - classes;
  const anew = PER_NEW_CLASS * classes + PER_NEW_BLANK * blanks + PER_NEW_WEIGHT.residue * weights(p);
  return share * sums(p) + PER_CLASS * classes + (p.prepared ? 0 : anew);
}

/** GEMM and scatter. */
export function col2imCost(p: ConvProblem): number {
  const positions = p.n * p.od * p.oh * p.ow;
  const taps = p.kd * p.kh * p.kw;
  const columns = p.groups * wholePanels((taps * p.ic) / p.groups);
  const products = positions * (p.oc / p.groups + PER_COLUMN) * columns;
  const added = positions * taps * PER_TAP * p.groups + PER_RESULT * p.n * p.id * p.ih * p.iw * p.ic;
  const anew = NEW_SCATTER + PER_NEW_GROUP * p.groups + PER_NEW_WEIGHT.col2im * weights(p);
  return products + added + SCATTER + PER_GROUP * p.groups + (p.prepared ? 0 : anew);
}

/** A forward row that takes so much of the time that the sums take in the tile. */
export function flippedCost(p: ConvProblem, relative: number): number {
  const anew = NEW_ROW + PER_NEW_WEIGHT.flipped * weights(p);
  return relative * sums(p) + PER_CLASS + (p.prepared ? 0 : anew);
}
