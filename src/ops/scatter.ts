import { indexed } from '../algorithms/pool/indexed.js';
import { checkIndexRange } from '../shape/planes.js';
import { checkIndexTensor, checkShaped, sizeOf } from '../shape/tensor.js';
import type { IndexTensor, Tensor } from '../types.js';
import type { Maps } from './pooling.js';
import { outOf, resultOf } from './result.js';

/** Values, one index each, and planes that the indices point into. */
export interface IndexedCall {
  /** Where several values name one cell: their sum, or the last. */
  readonly sums: boolean;
  readonly maps: Maps;
  readonly values: { readonly operand: string; readonly tensor: Tensor; readonly shape: readonly number[] };
  readonly indices: IndexTensor;
  readonly planesShape: readonly number[];
  readonly out: unknown;
  readonly accumulate?: boolean | undefined;
}

const cellsOf = (shape: readonly number[], { n, c }: Maps) => sizeOf(shape) / (n * c);

/** Scatters checked values into planes of `planesShape`; every index is -1 or a cell, which is checked here. */
export function scatter<R>({ sums, maps, values, indices, planesShape, accumulate = false, ...rest }: IndexedCall): R {
  const { operand, tensor, shape } = values;
  checkShaped(operand, tensor, shape);
  checkIndexTensor('indices', indices, shape);
  const out = outOf(rest.out, planesShape, { [operand]: tensor, indices });
  const cells = cellsOf(planesShape, maps);
  return resultOf([tensor, indices], { shape: planesShape, out, accumulate }, (on) =>
    indexed(
      on,
      { way: 'scatter', add: sums, clear: !accumulate },
      { ...maps, values: cellsOf(shape, maps), cells },
      () => checkIndexRange('indices', indices.data, cells),
    ),
  );
}
