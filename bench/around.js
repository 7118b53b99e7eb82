import * as stridewise from '../dist/index.js';
import * as nn from '../dist/nn.js';
import { aroundCases } from './around-cases.js';
import { random } from './data.js';
import { race } from './measure.js';
import { digits, table, widest } from './table.js';

/** Numbers of a seed, from -4 to 4. @param {Float32Array} data @param {number} seed */
export function drawn(data, seed) {
  const next = random(seed);
  for (let i = 0; i < data.length; i++) data[i] = 4 * next();
  return data;
}

/** Cases whose title matches. @param {string | undefined} filter */
export function aroundSelected(filter) {
  const selected = aroundCases.filter(({ title }) => new RegExp(filter ?? '', 'i').test(title));
  if (selected.length === 0) throw new Error(`no case matches ${filter}`);
  return selected;
}

/** Tensors in an arena, until it is disposed. */
export function ownTensors() {
  const arena = stridewise.arena();
  const t = (/** @type {number[]} */ shape, seed = 1) => {
    const tensor = arena.tensor(shape);
    drawn(tensor.data, seed);
    return tensor;
  };
  return { nn, t, arena };
}

/**
 * A copy of `floats` (read and written together), between arrays of the same memory. @param {ReturnType<typeof
 * ownTensors>} own @param {number} floats
 */
function copyOf({ arena }, floats) {
  const [from, to] = [arena.tensor([floats / 2]), arena.tensor([floats / 2])];
  return { run: () => to.data.set(from.data) };
}

/**
 * Times of functions of `stridewise/nn`, as those of a copy of the bytes that they read and write, which is timed in
 * turns with them. Operands and results are in wasm memory, where a cache of a few megabytes holds them.
 * @param {{ filter?: string, repetitions: number, print: (line: string) => void }} options
 */
export async function around({ filter, repetitions, print }) {
  const selected = aroundSelected(filter);
  const columns = table([
    { title: 'case', width: widest(selected.map(({ title }) => title)), align: 'left' },
    { title: 'median us', width: 9 },
    { title: 'of a copy', width: 9 },
  ]);
  print(`\n${columns.head()}`);
  const rows = [];
  for (const { title, floats, own } of selected) {
    const tensors = ownTensors();
    const candidates = new Map([
      ['own', { run: own(tensors) }],
      ['copy', copyOf(tensors, floats)],
    ]);
    const timings = await race(candidates, { repetitions, budget: 500 });
    const [time, copy] = ['own', 'copy'].map((name) => timings.get(name)?.median ?? Number.NaN);
    print(columns.line([title, digits(1000 * time), digits(time / copy)]));
    rows.push({ title, milliseconds: time, copies: time / copy });
    tensors.arena.dispose();
  }
  return rows;
}
