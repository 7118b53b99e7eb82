import { OptionError, ShapeError } from '../errors.js';
import { outputExtent, reach } from '../shape/extent.js';
import { sameWord } from '../shape/padding.js';
import { show } from '../shape/show.js';
import { flag, oneOf, perAxis } from '../shape/values.js';
import type { PerAxis, Rank } from '../types.js';
import {
  extents,
  type LikeRecord,
  likeRecord,
  type PoolWindow,
  paddedWindowsOver,
  poolNames,
  readOptions,
} from './axes.js';

/** A layer of a stack, as far as its receptive field is concerned. */
export interface FieldLayer<A extends PerAxis = PerAxis> extends PoolWindow {
  /** A convolution (default) steps by 1 unless told otherwise, a pool by its kernel size. */
  readonly kind?: 'conv' | 'pool' | undefined;
  readonly kernelSize: A;
}

/**
 * What cell u of an output sees along one axis: the input cells start + u jump to start + u jump + size - 1, those
 * outside the input being padding.
 */
export interface ReceptiveField {
  /** Input cells that one output cell depends on, r. */
  readonly size: number;
  /** Input cells from one output cell to the next, j. */
  readonly jump: number;
  /** Input cell where the field of output cell 0 begins; negative in the padding. */
  readonly start: number;
}

/**
 * Receptive fields of a stack of convolutions and pools, one per layer, from the input on: `r += d·(k - 1)·j`,
 * `start -= p0·j`, then `j *= s`, from `r = 1`, `j = 1`, `start = 0` (Araujo, Norris and Sim, "Computing Receptive
 * Fields of Convolutional Neural Networks", Distill, 2019). The field of output cell 0 is centred on
 * `start + (size - 1) / 2`.
 *
 * @param layers from the input on; the first layer's `kernelSize` decides: numbers give numbers, lists give lists
 * @param options `inputSize`: cells of the stack's input, needed only where a layer has padding `same` and a stride
 * above 1, because then the padding depends on the input; if given, every layer is checked to have an output
 * @returns one record per layer; the last is that of the whole stack
 * @throws {@link ShapeError} when `inputSize` is given and a layer has no output, with the formula and its numbers
 * @throws {@link OptionError} when a layer's option is unknown or out of range, or `inputSize` is missing where it is
 * needed; it names the layer
 * @example
 * const fields = receptiveField([{ kernelSize: 3 }, { kind: 'pool', kernelSize: 2 }, { kernelSize: 3 }]);
 * console.log(fields.map(({ size }) => size)); // [3, 4, 8]
 */
export function receptiveField<const A extends PerAxis>(
  layers: readonly FieldLayer<A>[],
  options: { readonly inputSize?: PerAxis | undefined } = {},
): LikeRecord<A, ReceptiveField>[] {
  const { inputSize } = readOptions('receptiveField', options, ['inputSize']);
  if (!Array.isArray(layers)) throw new OptionError(`layers is ${show(layers)}, expected a list of layers`);
  if (layers.length === 0) return [];
  const first = inLayer(0, () => readOptions('layer', layers[0], layerNames).kernelSize as A);
  const rank = inLayer(0, () => extents('kernelSize', first)).length as Rank;
  let stack: Stack = {
    fields: new Array<ReceptiveField>(rank).fill({ size: 1, jump: 1, start: 0 }),
    sizes: inputSize === undefined ? undefined : perAxis('inputSize', inputSize, rank, undefined, 1),
  };
  return Array.from(layers, (layer, l) => {
    stack = inLayer(l, () => through(layer, stack));
    return likeRecord(first, stack.fields);
  });
}

const layerNames = ['kind', ...poolNames] as const;

/** What the layers so far come to, per axis; `sizes` of their output, if known. */
interface Stack {
  readonly fields: readonly ReceptiveField[];
  readonly sizes: readonly number[] | undefined;
}

function through(layer: unknown, { fields, sizes }: Stack): Stack {
  const options = readOptions('layer', layer, layerNames);
  const pool = oneOf('kind', options.kind, ['conv', 'pool'], 'conv') === 'pool';
  const ceil = flag('ceilMode', options.ceilMode, false);
  const axes = paddedWindowsOver(sizes ?? fields.map(() => 1), options, pool);
  const strided = axes.find((axis) => axis.stride > 1);
  // With stride 1 `same` pads d (k - 1) cells whatever the input.
  if (sizes === undefined && strided !== undefined && sameWord(options.padding)) {
    throw new OptionError(
      `padding "${options.padding}" with stride ${strided.stride} depends on the input, expected inputSize`,
    );
  }
  return {
    fields: fields.map(({ size, jump, start }, a) => ({
      size: size + reach(axes[a]) * jump,
      jump: jump * axes[a].stride,
      start: start - axes[a].pair[0] * jump,
    })),
    sizes: sizes && axes.map((axis) => outputExtent(axis, axis.pair, ceil)),
  };
}

/** Runs `work`, and names the layer in whatever it complains of. */
function inLayer<T>(layer: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof ShapeError) throw new ShapeError(`layers[${layer}]: ${error.message}`);
    if (error instanceof OptionError) throw new OptionError(`layers[${layer}]: ${error.message}`);
    throw error;
  }
}
