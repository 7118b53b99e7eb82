import { col2im } from '../algorithms/col2im.js';
import { flippedBy } from '../algorithms/flipped.js';
import { folded } from '../algorithms/folded.js';
import type { InputGradAlgorithm } from '../algorithms/input-grad.js';
import { inputGradDirect } from '../algorithms/input-grad-direct.js';
import { residue } from '../algorithms/residue.js';
import { choose, convTable } from './conv.js';

/** The table for input gradients, and so for transposed convolutions: the first row that does not refuse serves the problem. */
export const inputGradTable: readonly InputGradAlgorithm[] = [
  flippedBy((problem) => choose(convTable, problem).row),
  residue,
  col2im,
  inputGradDirect,
].map(folded);
