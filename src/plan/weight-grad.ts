import { weightGradDirect } from '../algorithms/direct.js';
import type { WeightGradRow } from '../algorithms/row.js';
import { depthwise } from '../algorithms/weight-grad/depthwise.js';
import { indirect } from '../algorithms/weight-grad/indirect.js';
import { pointwise } from '../algorithms/weight-grad/pointwise.js';
import { winograd } from '../algorithms/weight-grad/winograd.js';

/** The table of weight gradients. */
export const weightGradTable: readonly WeightGradRow[] = [pointwise, depthwise, winograd, indirect, weightGradDirect];
