import { show } from '../number.js';
import { isPool } from './config.js';
import type { Evaluation } from './evaluate.js';
import { reads } from './links.js';
import type { Place } from './place.js';
import { largestOf, type Planes } from './planes.js';
import { groupOf, isReal, weightPlane } from './terms.js';

/** What stands between input and output: planes of weights, or the numbers in the window of a pool. */
export interface Window {
  readonly planes: Planes;
  /** Of each plane its number as weights lie; none for a pool. */
  readonly weightPlanes: readonly number[];
}

export const windowOf = (e: Evaluation, at: Place): Window =>
  isPool(e.config.operator) ? ofPool(e, at) : ofWeights(e, at);

/** The planes of weights between the chosen cell's channel and the channels on the other side. */
function ofWeights(e: Evaluation, at: Place): Window {
  const weight = e.weight!;
  const { inputs, outputs } = groupOf(e, at);
  const isOutput = at.side === 'output';
  const pairs = isOutput ? inputs.map((i) => [i, at.channel]) : outputs.map((o) => [at.channel, o]);
  const weightPlanes = pairs.map(([i, o]) => weightPlane(e, i, o));
  const [rows, columns] = e.config.kernel;
  const taps = rows * columns;
  return {
    weightPlanes,
    planes: {
      label: 'Kernel',
      ...{ channels: pairs.length, rows, columns },
      values: weightPlanes.flatMap((plane) => [...weight.data.subarray(plane * taps, (plane + 1) * taps)]),
      largest: largestOf(weight.data),
      names: pairs.map(([i, o]) => (isOutput ? `input ${i}` : `output ${o}`)),
    },
  };
}

/** The numbers that a window holds; of an input cell, which is in many windows, only their shape. */
function ofPool(e: Evaluation, at: Place): Window {
  const { drawn, config, axes } = e;
  const [rows, columns] = config.kernel;
  const values = new Float32Array(rows * columns);
  const shown = new Set<number>();
  if (at.side === 'output') {
    const plane = drawn.shape[2] * drawn.shape[3];
    for (const { tap, cell } of reads(axes, at.row, at.column, columns)) {
      values[tap] = drawn.data[at.channel * plane + cell];
      if (config.operator === 'avg' || isReal(e, cell)) shown.add(tap);
    }
  }
  return {
    weightPlanes: [],
    planes: {
      label: 'Window',
      ...{ channels: 1, rows, columns, values },
      largest: largestOf(drawn.data),
      text: (value, tap) => (shown.has(tap) ? show(value) : ''),
    },
  };
}
