/** A tensor as the reference reads it. `magnitude` and `terms` ride along when it is itself a computed sum. */
export interface Operand {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
  readonly magnitude?: ArrayLike<number>;
  readonly terms?: number;
}

/**
 * A computed tensor in f64. `magnitude` holds, per element, the sum of the absolute values of everything summed into
 * it; `terms` is the largest number of roundings any element needs in f32. Together they bound the error of any order
 * of summation (see support/bounds.ts).
 */
export interface Result {
  readonly data: Float64Array;
  readonly shape: number[];
  readonly magnitude: Float64Array;
  readonly terms: number;
}

export interface Indices {
  readonly data: Int32Array;
  readonly shape: number[];
}

export type Layout = 'NCL' | 'NLC' | 'NCHW' | 'NHWC' | 'NCDHW' | 'NDHWC';

/** Extents along d, h, w; missing leading axes have extent 1. */
export type Grid = readonly [number, number, number];

/**
 * Where element (batch, channel, cell) of a batch of maps lies; `cell` is flat, row-major, within one channel plane.
 */
export interface Field {
  readonly rank: number;
  readonly batch: number;
  readonly channels: number;
  readonly grid: Grid;
  readonly cells: number;
  readonly shape: number[];
  at(batch: number, channel: number, cell: number): number;
}

export const volume = (extents: readonly number[]): number => extents.reduce((product, extent) => product * extent, 1);

export const isChannelsLast = (layout: Layout | undefined): boolean => layout?.endsWith('C') ?? false;

/** Spreads a list of `rank` values over d, h, w, filling the leading axes. */
export function spread<T>(values: readonly T[], fill: T): readonly [T, T, T] {
  if (values.length < 1 || values.length > 3) throw new Error(`rank ${values.length} is not 1, 2 or 3`);
  const [d, h, w] = [fill, fill, ...values].slice(-3);
  return [d, h, w];
}

/** One number for every axis, or one per axis, as a list of `rank` numbers. */
export function perAxis(value: number | readonly number[] | undefined, rank: number, otherwise: number): number[] {
  const list = typeof value === 'object' ? [...value] : Array<number>(rank).fill(value ?? otherwise);
  if (list.length !== rank) throw new Error(`${list.length} values given for ${rank} axes`);
  return list;
}

/** The field of a tensor of shape [n, c, ...spatial] or [n, ...spatial, c]. */
export function field(shape: readonly number[], layout: Layout | undefined): Field {
  const last = isChannelsLast(layout);
  const spatial = last ? shape.slice(1, -1) : shape.slice(2);
  return makeField(shape[0], last ? shape[shape.length - 1] : shape[1], spatial, layout);
}

export function makeField(
  batch: number,
  channels: number,
  spatial: readonly number[],
  layout: Layout | undefined,
): Field {
  const last = isChannelsLast(layout);
  const cells = volume(spatial);
  return {
    rank: spatial.length,
    batch,
    channels,
    grid: spread(spatial, 1),
    cells,
    shape: last ? [batch, ...spatial, channels] : [batch, channels, ...spatial],
    at: last ? (b, c, cell) => (b * cells + cell) * channels + c : (b, c, cell) => (b * channels + c) * cells + cell,
  };
}

/** The trailing `rank` extents of a grid. */
export const spatialOf = (grid: Grid, rank: number): number[] => grid.slice(3 - rank);

export function checkLength(name: string, operand: Operand): void {
  if (operand.data.length !== volume(operand.shape)) {
    throw new Error(
      `${name} has ${operand.data.length} elements, its shape [${operand.shape}] needs ${volume(operand.shape)}`,
    );
  }
}

export function checkShape(name: string, operand: Operand, shape: readonly number[]): void {
  checkLength(name, operand);
  if (operand.shape.join() !== shape.join())
    throw new Error(`${name} has shape [${operand.shape}], expected [${shape}]`);
}
