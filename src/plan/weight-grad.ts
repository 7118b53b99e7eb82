import type { WeightGradAlgorithm } from '../algorithms/weight-grad/algorithm.js';
import { depthwise } from '../algorithms/weight-grad/depthwise.js';
import { direct } from '../algorithms/weight-grad/direct.js';
import { indirect } from '../algorithms/weight-grad/indirect.js';
import { pointwise } from '../algorithms/weight-grad/pointwise.js';
import { winograd } from '../algorithms/weight-grad/winograd.js';

/** The table of weight gradients: the first row that does not refuse serves the problem. */
export const weightGradTable: readonly WeightGradAlgorithm[] = [pointwise, depthwise, winograd, indirect, direct];
