import { col2im } from '../algorithms/col2im.js';
import { inputGradDirect } from '../algorithms/direct.js';
import { flippedBy } from '../algorithms/flipped.js';
import { folded } from '../algorithms/folded.js';
import { indirect } from '../algorithms/indirect.js';
import { pointwise } from '../algorithms/pointwise.js';
import { residue } from '../algorithms/residue.js';
import { residueWinograd } from '../algorithms/residue-winograd.js';
import type { ConvRow } from '../algorithms/row.js';
import { choose } from './choose.js';
import { convTable } from './conv.js';

/** The forward table, where it has something better than the tile. */
const flipped = flippedBy(
  (problem) => choose(convTable, problem).row,
  ({ name }, { channelsLast, groups }) =>
    groups === 1 && (name === indirect.name || (name === pointwise.name && channelsLast)),
);

/** The table of input gradients, and so of transposed convolutions. */
export const inputGradTable: readonly ConvRow[] = [flipped, residueWinograd, residue, col2im, inputGradDirect].map(
  folded,
);
