import {
  circulant,
  convMatrix,
  fromDense,
  MemoryError,
  multiply,
  OptionError,
  ShapeError,
  type SparseMatrix,
  shiftMatrix,
  toDense,
  toeplitzFromData,
  toeplitzFromFilter,
  transpose,
} from '../../src/matrix.js';
import { type Misuse, refuses, wrong } from '../shape/misuse.js';
import { integerTensor } from '../support/data.js';

const weight = integerTensor([6, 2, 3, 2], 1);
const conv =
  (shape: unknown, options?: unknown, w: unknown = weight) =>
  () =>
    convMatrix(wrong(w), wrong(shape), wrong(options));
const data = (x: unknown, options: unknown) => () => toeplitzFromData(wrong(x), wrong(options));
const filter =
  (taps: unknown, length: unknown = 5, options?: unknown) =>
  () =>
    toeplitzFromFilter(wrong(taps), wrong(length), wrong(options));

const matrix: SparseMatrix = shiftMatrix(3, 1);
const broken = (fields: Partial<Record<keyof SparseMatrix, unknown>>) => () =>
  transpose(wrong({ ...matrix, ...fields }));

const builders: readonly Misuse[] = [
  [
    'convMatrix',
    conv([4, 9, 7], { groups: 3 }),
    OptionError,
    /^groups is 3, expected a divisor of the 4 channels of input$/,
  ],
  ['convMatrix', conv([3, 9, 7]), ShapeError, /^input has 3 channels, weight expects 2 \(1 group of 2\)$/],
  [
    'convMatrix',
    conv([2, 9]),
    ShapeError,
    /^inputShape is \[2, 9\], expected \[ic, …input\] with 2 spatial axes as weight has$/,
  ],
  ['convMatrix', conv(2), ShapeError, /^inputShape is 2, expected an array of extents$/],
  ['convMatrix', conv([2, 0, 7]), ShapeError, /^input has height 0, expected at least 1$/],
  [
    'convMatrix',
    conv([2, 2, 7]),
    ShapeError,
    /^output height is 0, expected at least 1: floor\(\(2 \+ 0 \+ 0 - 1 \* \(3 - 1\) - 1\) \/ 1\)/,
  ],
  ['convMatrix', conv([2, 9, 7], { layout: 'NHWC' }), OptionError, /^convMatrix: unknown option "layout"/],
  [
    'convMatrix',
    conv([2, 9, 7], { strides: 2 }),
    OptionError,
    /^convMatrix: unknown option "strides", did you mean "stride"\?$/,
  ],
  ['convMatrix', conv([2, 9, 7], { stride: 0 }), OptionError, /^stride is 0, expected an integer of at least 1$/],
  [
    'convMatrix',
    conv([2, 9, 7], { padding: 7, paddingMode: 'reflect' }),
    OptionError,
    /^padding of width is 7, paddingMode "reflect" allows at most 6/,
  ],
  ['convMatrix', conv([2, 9, 7], 5), OptionError, /^convMatrix: options is 5, expected a plain object$/],
  ['convMatrix', conv([2, 9, 7], {}, [1, 2]), ShapeError, /^weight is \[1, 2\], expected a tensor/],
  [
    'convMatrix',
    conv([2], {}, integerTensor([6, 2], 1)),
    ShapeError,
    /^weight has shape \[6, 2\], expected \[oc, ic \/ groups, …kernel\] with 1 to 3 /,
  ],
  ['toeplitzFromFilter', filter([]), ShapeError, /^filter has 0 elements, expected at least 1$/],
  [
    'toeplitzFromFilter',
    filter('abc'),
    ShapeError,
    /^filter is "abc", expected a Float32Array or an array of numbers$/,
  ],
  ['toeplitzFromFilter', filter([1, '2']), ShapeError, /is "2", expected a number$/],
  [
    'toeplitzFromFilter',
    filter(new Float64Array(3)),
    ShapeError,
    /^filter is a Float64Array of 3, expected a Float32Array/,
  ],
  ['toeplitzFromFilter', filter([1, 2], 0), OptionError, /^length is 0, expected an integer of at least 1$/],
  ['toeplitzFromFilter', filter([1, 2, 3], 2), ShapeError, /^output length is 0, expected at least 1/],
  ['toeplitzFromFilter', filter([1, 2], 5, { groups: 1 }), OptionError, /^toeplitzFromFilter: unknown option "groups"/],
  ['toeplitzFromData', data([1, 2, 3], undefined), OptionError, /^kernelSize is required: one integer, or \[length\]$/],
  [
    'toeplitzFromData',
    data([1, 2, 3], { kernel: 2 }),
    OptionError,
    /^toeplitzFromData: unknown option "kernel", did you mean "kernelSize"\?$/,
  ],
  ['toeplitzFromData', data([], { kernelSize: 1 }), ShapeError, /^x has 0 elements, expected at least 1$/],
  [
    'toeplitzFromData',
    data(integerTensor([5], 1), { kernelSize: 1 }),
    ShapeError,
    /^x has shape \[5\], expected \[ic, …input\] with 1 to 3 spatial axes$/,
  ],
  ['toeplitzFromData', data(integerTensor([1, 5, 4], 1), { kernelSize: [6, 1] }), ShapeError, /^output height is 0/],
  ['circulant', () => circulant([1, 2], 0), OptionError, /^n is 0, expected an integer of at least 1$/],
  [
    'circulant',
    () => circulant([1, 2], 3, { padding: -1 }),
    OptionError,
    /^padding is -1, expected an integer of at least 0$/,
  ],
  [
    'circulant',
    () => circulant([1, 2], 3, { flipKernel: wrong(1) }),
    OptionError,
    /^flipKernel is 1, expected true or false$/,
  ],
  [
    'circulant',
    () => circulant(wrong(undefined), 3),
    ShapeError,
    /^filter is undefined, expected a Float32Array or an array/,
  ],
  ['shiftMatrix', () => shiftMatrix(3, 0.5), OptionError, /^by is 0\.5, expected an integer$/],
  ['shiftMatrix', () => shiftMatrix(wrong('3'), 1), OptionError, /^n is "3", expected an integer of at least 1$/],
];

const products: readonly Misuse[] = [
  ['multiply', () => multiply(matrix, [1, 2]), ShapeError, /^b has 2 elements, expected 3$/],
  ['multiply', () => multiply(matrix, shiftMatrix(4, 1)), ShapeError, /^b has 4 rows, a of 3 x 3 expects 3$/],
  [
    'multiply',
    () => multiply(matrix, wrong(3)),
    ShapeError,
    /^b is 3, expected a sparse matrix \{ rows, columns, rowStarts, /,
  ],
  ['multiply', () => multiply(wrong([[1]]), [1]), ShapeError, /^a is \[\[1\]\], expected a sparse matrix/],
  ['toDense', () => toDense(wrong(null)), ShapeError, /^matrix is null, expected a sparse matrix/],
  [
    'toDense',
    () => toDense({ ...matrix, columns: 2 ** 30 }),
    MemoryError,
    /^matrix has 3221225472 elements \(3 x 1073741824\), expected at most 1073741824$/,
  ],
  [
    'fromDense',
    () => fromDense(integerTensor([3], 1)),
    ShapeError,
    /^dense has rank 1 \(shape \[3\]\), expected rank 2$/,
  ],
  ['transpose', broken({ rows: -1 }), ShapeError, /^matrix is an object, expected a sparse matrix/],
  ['transpose', broken({ values: [1, 1, 1] }), ShapeError, /^matrix is an object, expected a sparse matrix/],
  ['transpose', broken({ rows: 2 }), ShapeError, /^matrix\.rowStarts has 4 elements, 2 rows expect 3$/],
  [
    'transpose',
    broken({ values: new Float32Array(2) }),
    ShapeError,
    /from 0 to 3, expected from 0 to 3 columnIndices and 2 values$/,
  ],
  [
    'transpose',
    broken({ rowStarts: Uint32Array.of(1, 1, 2, 3) }),
    ShapeError,
    /^matrix\.rowStarts from 1 to 3, expected from 0 to 3 /,
  ],
  [
    'transpose',
    broken({ rowStarts: Uint32Array.of(0, 2, 1, 3), columnIndices: Uint32Array.of(0, 1, 2) }),
    ShapeError,
    /^matrix\.rowStarts\[2\] is 1, expected from 2 to 3$/,
  ],
  [
    'transpose',
    broken({ rowStarts: Uint32Array.of(0, 9, 1, 3) }),
    ShapeError,
    /^matrix\.rowStarts\[1\] is 9, expected from 0 to 3$/,
  ],
  [
    'transpose',
    broken({ columns: 2 }),
    ShapeError,
    /^matrix\.columnIndices\[0\] is 2, expected from 0 to 1, ascending in row 0$/,
  ],
  [
    'transpose',
    broken({ rowStarts: Uint32Array.of(0, 0, 0, 3), columnIndices: Uint32Array.of(1, 1, 2) }),
    ShapeError,
    /^matrix\.columnIndices\[1\] is 1, expected from 2 to 2, ascending in row 2$/,
  ],
  [
    'transpose',
    () =>
      transpose({
        rows: 0,
        columns: 2 ** 53 - 1,
        rowStarts: new Uint32Array(1),
        columnIndices: new Uint32Array(0),
        values: new Float32Array(0),
      }),
    ShapeError,
    /^matrix has 9007199254740991 columns, expected at most 16777216$/,
  ],
];

refuses([...builders, ...products]);
