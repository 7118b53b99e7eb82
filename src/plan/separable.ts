import { fused, prepareTwoStep, type SeparableRow } from '../algorithms/separable.js';
import { choose } from './choose.js';
import { convTable } from './conv.js';

const twoStep: SeparableRow = {
  name: 'two-step',
  accuracy: 'high',
  refuses: () => null,
  prepare: (...operands) => prepareTwoStep((layer) => choose(convTable, layer).row, ...operands),
};

/** The table of separable convolutions. */
export const separableTable: readonly SeparableRow[] = [fused, twoStep];
