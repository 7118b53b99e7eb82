import type { WeightGradAlgorithm } from '../algorithms/weight-grad/algorithm.js';
import { direct } from '../algorithms/weight-grad/direct.js';
import { indirect } from '../algorithms/weight-grad/indirect.js';

/** The table of weight gradients: the first row that does not refuse serves the problem. */
export const weightGradTable: readonly WeightGradAlgorithm[] = [indirect, direct];
