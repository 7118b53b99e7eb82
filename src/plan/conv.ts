import { depthwise, fours } from '../algorithms/depthwise.js';
import { depthwisePlanes } from '../algorithms/depthwise-planes.js';
import { direct } from '../algorithms/direct.js';
import { fewOutputs } from '../algorithms/few-outputs.js';
import { im2colGemm } from '../algorithms/im2col-gemm.js';
import { indirect } from '../algorithms/indirect.js';
import { pointwise } from '../algorithms/pointwise.js';
import type { ConvRow } from '../algorithms/row.js';
import { winograd } from '../algorithms/winograd/rows.js';

/** The table of convolutions. */
export const convTable: readonly ConvRow[] = [
  depthwisePlanes,
  depthwise,
  fours,
  fewOutputs,
  pointwise,
  ...winograd,
  indirect,
  im2colGemm,
  direct,
];
