export { MemoryError, OptionError, ShapeError, StridewiseError } from './errors.js';
export { circulant, shiftMatrix } from './matrix/circulant.js';
export { type ConvMatrixOptions, convMatrix } from './matrix/conv.js';
export { fromDense, toDense } from './matrix/dense.js';
export { multiply, transpose } from './matrix/product.js';
export type { SparseMatrix } from './matrix/sparse.js';
export { type DataOptions, type FilterOptions, toeplitzFromData, toeplitzFromFilter } from './matrix/toeplitz.js';
export type { Padding, PaddingMode, PerAxis, Tensor } from './types.js';
