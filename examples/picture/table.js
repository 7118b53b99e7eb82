// The table of what ran.

import { operations } from './compare.js';

const HEAD = ['layer', 'convolution', 'algorithm', 'ms', 'GFLOP/s', 'plain loop ms', 'speed-up', 'largest diff'];
/** Columns before this one hold words, the others numbers. */
const FIRST_NUMBER = 3;

/**
 * @param {import('./layers.js').Layer} layer
 * @param {{ algorithm: string, ms: number, plainMs: number, difference: number }} result
 */
export function tableRow(layer, { algorithm, ms, plainMs, difference }) {
  return [
    layer.name,
    convolution(layer),
    algorithm,
    ms.toFixed(2),
    (operations(layer) / ms / 1e6).toFixed(1),
    plainMs.toFixed(1),
    `${(plainMs / ms).toFixed(1)}×`,
    difference.toExponential(1),
  ];
}

/** @param {import('./layers.js').Layer} layer */
function convolution({ x, weight, options: { groups = 1, stride = 1, paddingMode } }) {
  const [oc, , kh, kw] = weight.shape;
  const details = [`${x.shape[1]}→${oc}`, groups > 1 && 'depthwise', stride > 1 && `stride ${stride}`, paddingMode];
  return `${kh}×${kw} ${details.filter(Boolean).join(', ')}`;
}

/** @param {string[][]} rows */
export function formatTable(rows) {
  const lines = [HEAD, ...rows];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const aligned = lines.map((line) =>
    line
      .map((cell, column) => (column < FIRST_NUMBER ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
      .join('  '),
  );
  aligned.splice(1, 0, widths.map((width) => '─'.repeat(width)).join('  '));
  return aligned.join('\n');
}
