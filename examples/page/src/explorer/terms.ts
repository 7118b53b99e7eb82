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

const bracket = (value: number) => (value < 0 ? `(${show(value)})` : show(value));

/** More terms than these are not written out. */
const MOST_TERMS = 12;

const joined = (terms: readonly string[], between: string) =>
  terms.length <= MOST_TERMS ? terms.join(between) : `${terms.slice(0, MOST_TERMS).join(between)}${between}…`;

/** How an output cell comes about, in numbers: `3·1 + 0·2 = 3`. */
function outputSentence(e: Evaluation, at: Place): string {
  const { config, drawn, y, weight, axes, indices } = e;
  const [, , rows, columns] = drawn.shape;
  const taps = config.kernel[0] * config.kernel[1];
  const links = reads(axes, at.row, at.column, config.kernel[1]);
  const value = y.data[(at.channel * y.shape[2] + at.row) * y.shape[3] + at.column];
  const name = `y[${at.channel}, ${at.row}, ${at.column}]`;
  const cell = (channel: number, index: number) => drawn.data[channel * rows * columns + index];
  if (weight) {
    const terms = groupOf(e, at).inputs.flatMap((input) =>
      links.map(
        ({ tap, cell: at0 }) =>
          `${bracket(cell(input, at0))}·${bracket(weight.data[weightPlane(e, input, at.channel) * taps + tap])}`,
      ),
    );
    return terms.length === 0 ? `${name} = 0: no tap reaches it` : `${name} = ${joined(terms, ' + ')} = ${show(value)}`;
  }
  const isReal = (index: number) =>
    axes[0].sources[Math.floor(index / columns)] >= 0 && axes[1].sources[index % columns] >= 0;
  if (indices) {
    const terms = links.filter((link) => isReal(link.cell)).map((link) => show(cell(at.channel, link.cell)));
    return `${name} = max(${joined(terms, ', ')}) = ${show(value)}`;
  }
  const terms = links.map((link) => bracket(cell(at.channel, link.cell)));
  return `${name} = (${joined(terms, ' + ')}) / ${terms.length} = ${show(value)}`;
}

function inputSentence(e: Evaluation, at: Place): string {
  const { x, axes, config } = e;
  const value = x.data[(at.channel * x.shape[2] + at.row) * x.shape[3] + at.column];
  const links = drawnAt(axes, at.row, at.column).flatMap((drawn) => feeds(axes, drawn, config.kernel[1]));
  const cells = new Set(links.map(({ cell }) => cell)).size * groupOf(e, at).outputs.length;
  const fed = cells === 0 ? 'feeds no output cell: no window reaches it' : `feeds ${count(cells, 'output cell')}`;
  return `x[${at.channel}, ${at.row}, ${at.column}] = ${show(value)} ${fed}`;
}

/** What the chosen cell is, in words and numbers. */
export const sentence = (e: Evaluation, at: Place): string =>
  at.side === 'output' ? outputSentence(e, at) : inputSentence(e, at);
