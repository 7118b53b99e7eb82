import { col2im } from '../algorithms/col2im.js';
import { flippedBy } from '../algorithms/flipped.js';
import { folded } from '../algorithms/folded.js';
import { indirect } from '../algorithms/indirect.js';
import type { InputGradAlgorithm } from '../algorithms/input-grad.js';
import { inputGradDirect } from '../algorithms/input-grad-direct.js';
import { pointwise } from '../algorithms/pointwise.js';
import { residue } from '../algorithms/residue.js';
import { residueWinograd } from '../algorithms/residue-winograd.js';
import { choose, convTable } from './conv.js';

/** The forward table, where it has something better than the tile. */
const flipped = flippedBy(
  (problem) => choose(convTable, problem).row,
  (row, { channelsLast, groups }) => groups === 1 && (row === indirect || (row === pointwise && channelsLast)),
);

/** The table for input gradients, and so for transposed convolutions: the first row that does not refuse serves the problem. */
export const inputGradTable: readonly InputGradAlgorithm[] = [flipped, residueWinograd, residue, col2im, inputGradDirect].map(
  folded,
);
