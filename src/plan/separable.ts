import { fused, type SeparableRow, twoStepBy } from '../algorithms/separable.js';
import { choose } from './choose.js';
import { convTable } from './conv.js';

/** The table of separable convolutions. */
export const separableTable: readonly SeparableRow[] = [fused, twoStepBy((layer) => choose(convTable, layer).row)];
