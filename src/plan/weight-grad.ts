import { weightGradDirect } from '../algorithms/direct.js';
import type { WeightGradRow } from '../algorithms/row.js';
import { depthwise } from '../algorithms/weight-grad/depthwise.js';
import { indirect } from '../algorithms/weight-grad/indirect.js';
import { inParts } from '../algorithms/weight-grad/parts.js';
import { pointwise } from '../algorithms/weight-grad/pointwise.js';
import { winograd } from '../algorithms/weight-grad/winograd.js';
import { mayShare } from '../wasm/sharing.js';

const rows = [pointwise, depthwise, winograd, indirect];

/** The table of weight gradients. */
export const weightGradTable: readonly WeightGradRow[] = [...(mayShare ? rows.map(inParts) : rows), weightGradDirect];
