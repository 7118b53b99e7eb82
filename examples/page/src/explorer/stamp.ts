import { convTranspose2d, type Tensor, tensor } from 'stridewise';
import { count, show } from '../number.js';
import type { Evaluation } from './evaluate.js';
import { transposedOptions } from './options.js';
import { flat, type Place } from './place.js';
import type { Part } from './terms.js';

/** A transposed convolution on its way: the stamps of all input cells up to the chosen one. */
export interface Stamped {
  /** The sum of the stamps so far. */
  readonly y: Tensor;
  /** How many stamps lie on each output cell so far. */
  readonly layers: Tensor;
  /** What the last stamp did, in words and numbers. */
  readonly parts: readonly Part[];
}

const onesLike = ({ shape, data }: Tensor) => tensor(new Float32Array(data.length).fill(1), shape);

export function stampedOf({ config, x, weight }: Evaluation, at: Place): Stamped {
  const last = flat(at, { channels: x.shape[1], rows: x.shape[2], columns: x.shape[3] });
  const options = transposedOptions(config);
  const upTo = (end: number, value: (i: number) => number) =>
    tensor(
      Float32Array.from(x.data, (_, i) => (i < end ? value(i) : 0)),
      x.shape,
    );
  const layersUpTo = (end: number) =>
    convTranspose2d(
      upTo(end, () => 1),
      onesLike(weight!),
      options,
    );
  const [before, layers] = [layersUpTo(last), layersUpTo(last + 1)];
  const touched = [...layers.data.keys()].filter((i) => layers.data[i] > before.data[i]);
  const shared = touched.filter((i) => before.data[i] > 0).length;
  const value = x.data[last];
  const overlaps =
    shared === 0 ? 'nothing was there' : `${shared === 1 ? '1 holds' : `${shared} hold`} earlier stamps: they add up`;
  const words =
    touched.length === 0
      ? ' stamps no cell: padding cuts its stamp off'
      : `: ${show(value)} · kernel is stamped on ${count(touched.length, 'cell')}, ${overlaps}`;
  return {
    y: convTranspose2d(
      upTo(last + 1, (i) => x.data[i]),
      weight!,
      options,
    ),
    layers,
    parts: [
      { text: `x[${at.channel}, ${at.row}, ${at.column}] = ` },
      { text: show(value), of: 'x', value },
      { text: words },
    ],
  };
}
