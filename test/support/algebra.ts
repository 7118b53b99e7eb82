interface Values {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
}

/** <a, b>: exact on small integers. */
export function dot(a: Values, b: Values): number {
  if (a.data.length !== b.data.length) throw new Error(`dot product of ${a.data.length} and ${b.data.length} elements`);
  let sum = 0;
  for (let at = 0; at < a.data.length; at += 1) sum += a.data[at] * b.data[at];
  return sum;
}

/** Elements between neighbours along each axis of a row-major tensor. */
const stridesOf = (shape: readonly number[]): number[] =>
  shape.map((_, axis) => shape.slice(axis + 1).reduce((product, extent) => product * extent, 1));

/** The tensor with its axes in another order: axis i of the result is axis order[i] of the operand. */
export function permuted(tensor: Values, order: readonly number[]): { data: Float32Array; shape: number[] } {
  const strides = stridesOf(tensor.shape);
  const shape = order.map((axis) => tensor.shape[axis]);
  let offsets = [0];
  for (const axis of order) {
    offsets = offsets.flatMap((offset) =>
      Array.from({ length: tensor.shape[axis] }, (_, at) => offset + at * strides[axis]),
    );
  }
  return { data: Float32Array.from(offsets, (offset) => tensor.data[offset]), shape };
}

const spatialAxes = (tensor: Values): number[] => tensor.shape.slice(2).map((_, at) => at + 2);

/** [n, c, ...spatial] as [n, ...spatial, c]. */
export const channelsLast = (x: Values) => permuted(x, [0, ...spatialAxes(x), 1]);

/** [n, ...spatial, c] as [n, c, ...spatial]. */
export const channelsFirst = (x: Values) =>
  permuted(x, [0, x.shape.length - 1, ...spatialAxes(x).map((axis) => axis - 1)]);

/** Weights [o, i, ...kernel] as [...kernel, i, o]: OIHW to HWIO, and IOHW to HWOI. */
export const weightChannelsLast = (weight: Values) => permuted(weight, [...spatialAxes(weight), 1, 0]);

/**
 * Which positions of an axis to keep: from `begin` (0), every `step`-th (1), `count` of them (as many as there are).
 */
export interface Section {
  readonly begin?: number;
  readonly step?: number;
  readonly count?: number;
}

/** The part of a tensor that its axes' sections name; axes without a section are kept whole. */
export function section(
  tensor: Values,
  sections: readonly (Section | undefined)[],
): { data: Float32Array; shape: number[] } {
  const strides = stridesOf(tensor.shape);
  const shape: number[] = [];
  let offsets = [0];
  tensor.shape.forEach((extent, axis) => {
    const { begin = 0, step = 1, count = Math.ceil((extent - begin) / step) } = sections[axis] ?? {};
    shape.push(count);
    offsets = offsets.flatMap((offset) =>
      Array.from({ length: count }, (_, at) => offset + (begin + at * step) * strides[axis]),
    );
  });
  return { data: Float32Array.from(offsets, (offset) => tensor.data[offset]), shape };
}
