import { count, show } from '../number.js';
import { isPool } from './config.js';
import type { Evaluation } from './evaluate.js';
import { drawnAt, feeds, reads } from './links.js';
import type { Place } from './place.js';

/** Channels of the input, and of the output, that belong to the group of a channel on one side. */
export function groupOf({ config }: Evaluation, { side, channel }: Place): { inputs: number[]; outputs: number[] } {
  const { operator, ic, oc, groups } = config;
  if (isPool(operator)) return { inputs: [channel], outputs: [channel] };
  const perInput = ic / groups;
  const perOutput = oc / groups;
  const group = Math.floor(channel / (side === 'input' ? perInput : perOutput));
  const from = (first: number, length: number) => Array.from({ length }, (_, i) => first + i);
  return { inputs: from(group * perInput, perInput), outputs: from(group * perOutput, perOutput) };
}

/** Where the weight plane between two channels lies, in planes. */
export function weightPlane(
  { config: { operator, ic, oc, groups } }: Evaluation,
  input: number,
  output: number,
): number {
  const [perInput, perOutput] = [ic / groups, oc / groups];
  return operator === 'transposed' ? input * perOutput + (output % perOutput) : output * perInput + (input % perInput);
}

/** Names of the planes of weights, in the order in which they lie; `isTurned` as the direct convolution has them. */
export function weightNames({ operator, ic, oc, groups }: Evaluation['config'], isTurned = false): string[] {
  const byInput = operator === 'transposed' && !isTurned;
  const [outer, inner] = byInput ? [ic, oc] : [oc, ic];
  return Array.from({ length: (outer * inner) / groups }, (_, plane) => {
    const first = Math.floor(plane / (inner / groups));
    const second = Math.floor(first / (outer / groups)) * (inner / groups) + (plane % (inner / groups));
    return byInput ? `input ${first} → output ${second}` : `input ${second} → output ${first}`;
  });
}

/** A piece of a sentence; a number may be that of a cell of the input, the kernel or the output. */
export interface Part {
  readonly text: string;
  readonly of?: 'x' | 'weight' | 'y';
  readonly value?: number;
}

const words = (text: string): Part => ({ text });
const cellPart = (of: Part['of'], value: number): Part => ({ text: show(value), of, value });
const bracketed = (of: Part['of'], value: number): Part =>
  value < 0 ? { text: `(${show(value)})`, of, value } : cellPart(of, value);

/** More terms than these are not written out. */
const MOST_TERMS = 27;

const joined = (terms: readonly (readonly Part[])[], between: string): Part[] => {
  const shown = terms.slice(0, MOST_TERMS).flatMap((term, i) => (i === 0 ? term : [words(between), ...term]));
  return terms.length <= MOST_TERMS ? shown : [...shown, words(`${between}…`)];
};

/** How an output cell comes about, in numbers: `3·1 + 0·2 = 3`. */
function outputParts(e: Evaluation, at: Place): Part[] {
  const { config, drawn, y, weight, axes, indices } = e;
  const [, , rows, columns] = drawn.shape;
  const taps = config.kernel[0] * config.kernel[1];
  const links = reads(axes, at.row, at.column, config.kernel[1]);
  const value = y.data[(at.channel * y.shape[2] + at.row) * y.shape[3] + at.column];
  const name = `y[${at.channel}, ${at.row}, ${at.column}] = `;
  const result = cellPart('y', value);
  const cell = (channel: number, index: number) => drawn.data[channel * rows * columns + index];
  if (weight) {
    const terms = groupOf(e, at).inputs.flatMap((input) =>
      links.map(({ tap, cell: index }) => [
        bracketed('x', cell(input, index)),
        words('·'),
        bracketed('weight', weight.data[weightPlane(e, input, at.channel) * taps + tap]),
      ]),
    );
    if (terms.length === 0) return [words(name), { ...result, text: '0' }, words(': no tap reaches it')];
    return [words(name), ...joined(terms, ' + '), words(' = '), result];
  }
  if (indices) {
    const terms = links
      .filter((link) => isReal(e, link.cell))
      .map((link) => [cellPart('x', cell(at.channel, link.cell))]);
    return [words(`${name}max(`), ...joined(terms, ', '), words(') = '), result];
  }
  const terms = links.map((link) => [bracketed('x', cell(at.channel, link.cell))]);
  return [words(`${name}1/${terms.length} · (`), ...joined(terms, ' + '), words(') = '), result];
}

/** A drawn cell shows one of the input. */
export function isReal({ axes, drawn }: Evaluation, cell: number): boolean {
  const columns = drawn.shape[3];
  return axes[0].sources[Math.floor(cell / columns)] >= 0 && axes[1].sources[cell % columns] >= 0;
}

function inputParts(e: Evaluation, at: Place): Part[] {
  const { x, axes, config } = e;
  const value = x.data[(at.channel * x.shape[2] + at.row) * x.shape[3] + at.column];
  const links = drawnAt(axes, at.row, at.column).flatMap((drawn) => feeds(axes, drawn, config.kernel[1]));
  const cells = new Set(links.map(({ cell }) => cell)).size * groupOf(e, at).outputs.length;
  const fed = cells === 0 ? ' feeds no output cell: no window reaches it' : ` feeds ${count(cells, 'output cell')}`;
  return [words(`x[${at.channel}, ${at.row}, ${at.column}] = `), cellPart('x', value), words(fed)];
}

/** What the chosen cell is, in words and numbers. */
export const partsOf = (e: Evaluation, at: Place): Part[] =>
  at.side === 'output' ? outputParts(e, at) : inputParts(e, at);

/** The same as text. */
export const sentence = (e: Evaluation, at: Place): string =>
  partsOf(e, at)
    .map(({ text }) => text)
    .join('');
