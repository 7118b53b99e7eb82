import { MemoryError, OptionError, ShapeError } from '../../src/errors.js';
import { biasOf } from '../../src/shape/conv.js';
import { checkIndexRange } from '../../src/shape/planes.js';
import {
  checkIndexTensor,
  checkOut,
  checkShaped,
  checkSize,
  checkTensor,
  checkVector,
  tensor,
} from '../../src/shape/tensor.js';
import { type Misuse, refuses, wrong } from './misuse.js';

function detached(length: number): Float32Array {
  const data = new Float32Array(length);
  structuredClone(data.buffer, { transfer: [data.buffer] });
  return data;
}

function detachedView(offset: number): Float32Array {
  const data = new Float32Array(6);
  const view = data.subarray(offset);
  structuredClone(data.buffer, { transfer: [data.buffer] });
  return view;
}

const x = (overrides: object) => () => checkTensor('x', { data: new Float32Array(6), shape: [2, 3], ...overrides });
const made = (data: unknown, shape: unknown) => () => tensor(wrong(data), wrong(shape));
const shared = new Float32Array(20);
const inputs = [
  { operand: 'x', data: shared.subarray(4, 10) },
  { operand: 'weight', data: new Float32Array(6) },
  { operand: 'indices', data: new Int32Array(shared.buffer, 64, 3) },
];
const out = (data: unknown, shape: unknown) => () => checkOut({ data, shape }, [2, 3], inputs);

const rows: readonly Misuse[] = [
  ['tensor', made(new Float32Array(5), [2, 3]), ShapeError, /^data has 5 elements, shape \[2, 3\] expects 6$/],
  ['tensor', made([1, 2, 3, 4], [5]), ShapeError, /^data has 4 elements, shape \[5\] expects 5$/],
  ['tensor', made([1, '2'], [2]), ShapeError, /^data\[1\] is "2", expected a number$/],
  ['tensor', made([1, 2n], [2]), ShapeError, /^data\[1\] is 2n, expected a number$/],
  ['tensor', made([[1, 2]], [1, 2]), ShapeError, /^data\[0\] is \[1, 2\], expected a number$/],
  ['tensor', made(new Array(2), [2]), ShapeError, /^data\[0\] is undefined, expected a number$/],
  ['tensor', made(new Float64Array(6), [2, 3]), ShapeError, /^data is a Float64Array of 6, expected a Float32Array$/],
  [
    'tensor',
    made(new ArrayBuffer(24), [2, 3]),
    ShapeError,
    /^data is a value of type ArrayBuffer, expected a Float32Array$/,
  ],
  ['tensor', made(undefined, [2, 3]), ShapeError, /^data is undefined, expected a Float32Array$/],
  ['tensor', made(7, []), ShapeError, /^data is 7, expected a Float32Array$/],
  ['tensor', made([1], undefined), ShapeError, /^shape is undefined, expected an array of extents$/],
  ['tensor', made([1], 1), ShapeError, /^shape is 1, expected an array of extents$/],
  ['tensor', made([1], Int32Array.of(1)), ShapeError, /^shape is an Int32Array of 1, expected an array of extents$/],
  ['tensor', made([1], [1, -1]), ShapeError, /^shape\[1\] is -1, expected a non-negative integer$/],
  ['tensor', made([1, 2], [1, 2.5]), ShapeError, /^shape\[1\] is 2\.5, expected a non-negative integer$/],
  ['tensor', made([1], [Number.NaN]), ShapeError, /^shape\[0\] is NaN, expected a non-negative integer$/],
  ['tensor', made([1], [2 ** 53]), ShapeError, /^shape\[0\] is 9007199254740992, expected a non-negative integer$/],
  ['tensor', made([1], ['1']), ShapeError, /^shape\[0\] is "1", expected a non-negative integer$/],
  ['tensor', made([1], new Array(1)), ShapeError, /^shape\[0\] is undefined, expected a non-negative integer$/],
  [
    'tensor',
    made([], [2 ** 16, 2 ** 15]),
    MemoryError,
    /^data of shape \[65536, 32768\] has 2147483648 elements, expected at most 1073741824$/,
  ],
  ['tensor', made(detached(6), [2, 3]), ShapeError, /^data is detached/],

  [
    'checkTensor',
    () => checkTensor('x', undefined),
    ShapeError,
    /^x is undefined, expected a tensor \{ data: Float32Array, shape \}$/,
  ],
  ['checkTensor', () => checkTensor('weight', null), ShapeError, /^weight is null, expected a tensor/],
  [
    'checkTensor',
    () => checkTensor('x', new Float32Array(6)),
    ShapeError,
    /^x is a Float32Array of 6, expected a tensor/,
  ],
  ['checkTensor', () => checkTensor('x', [[1, 2]]), ShapeError, /^x is \[\[1, 2\]\], expected a tensor/],
  ['checkTensor', () => checkTensor('x', Symbol('x')), ShapeError, /^x is Symbol\(x\), expected a tensor/],
  ['checkTensor', () => checkTensor('x', Object.create(null)), ShapeError, /^x is an object, expected a tensor/],
  ['checkTensor', () => checkTensor('x', { shape: [1] }), ShapeError, /^x is an object, expected a tensor/],
  [
    'checkTensor',
    x({ data: new Float64Array(6) }),
    ShapeError,
    /^x\.data is a Float64Array of 6, expected a Float32Array$/,
  ],
  [
    'checkTensor',
    x({ data: new Int32Array(6) }),
    ShapeError,
    /^x\.data is an Int32Array of 6, expected a Float32Array$/,
  ],
  [
    'checkTensor',
    x({ data: [1, 2, 3, 4, 5, 6] }),
    ShapeError,
    /^x\.data is \[1, 2, 3, 4, 5, 6\], expected a Float32Array$/,
  ],
  [
    'checkTensor',
    x({ data: { [Symbol.toStringTag]: 'Float32Array', length: 6 } }),
    ShapeError,
    /^x\.data is a value of type Float32Array/,
  ],
  ['checkTensor', x({ data: new Float32Array(7) }), ShapeError, /^x\.data has 7 elements, shape \[2, 3\] expects 6$/],
  ['checkTensor', x({ shape: '23' }), ShapeError, /^x\.shape is "23", expected an array of extents$/],
  ['checkTensor', x({ shape: [2, null] }), ShapeError, /^x\.shape\[1\] is null, expected a non-negative integer$/],
  ['checkTensor', x({ data: detached(6) }), ShapeError, /^x\.data is detached/],
  ['checkTensor', x({ data: detached(6), shape: [0] }), ShapeError, /^x\.data is detached/],
  ['checkTensor', x({ data: detachedView(2) }), ShapeError, /^x\.data is detached/],
  [
    'checkTensor',
    () => checkTensor('x', { data: new Float32Array(6), shape: [2, 3] }, 4),
    ShapeError,
    /^x has rank 2 \(shape \[2, 3\]\), expected rank 4$/,
  ],
  [
    'checkShaped',
    () => checkShaped('gradY', tensor([1, 2], [2]), [1, 2]),
    ShapeError,
    /^gradY has rank 1 \(shape \[2\]\), expected \[1, 2\]$/,
  ],
  [
    'checkShaped',
    () => checkShaped('add', tensor([1, 2, 3, 4, 5, 6], [1, 2, 3]), [1, 3, 2]),
    ShapeError,
    /^add has shape \[1, 2, 3\], expected \[1, 3, 2\]: axis 1 is 2 instead of 3$/,
  ],
  [
    'checkSize',
    () => checkSize('y', [2, 3, 2 ** 29]),
    MemoryError,
    /^y has 3221225472 elements \(2 x 3 x 536870912\), expected at most 1073741824$/,
  ],
  [
    'checkSize',
    () => checkSize('y', [0, 2, 2 ** 30]),
    MemoryError,
    /^y has 2147483648 elements \(0 x 2 x 1073741824\), expected at most 1073741824$/,
  ],

  [
    'checkIndexTensor',
    () => checkIndexTensor('indices', { data: new Float32Array(2), shape: [2] }),
    ShapeError,
    /^indices\.data is a Float32Array of 2, expected an Int32Array$/,
  ],
  [
    'checkIndexTensor',
    () => checkIndexTensor('indices', { data: new Int32Array(6), shape: [2, 3] }, [3, 2]),
    ShapeError,
    /^indices has shape \[2, 3\], expected \[3, 2\]: axis 0 is 2 instead of 3$/,
  ],
  [
    'checkIndexRange',
    () => checkIndexRange('indices', Int32Array.of(0, -1, 11, 12), 12),
    ShapeError,
    /^indices\[3\] is 12, expected -1 or from 0 to 11 \(a plane of 12 cells\)$/,
  ],
  [
    'checkIndexRange',
    () => checkIndexRange('indices', Int32Array.of(-2), 12),
    ShapeError,
    /^indices\[0\] is -2, expected -1 or from 0 to 11/,
  ],

  ['biasOf', () => biasOf(new Float32Array(3), 4), ShapeError, /^bias has 3 elements, expected 4$/],
  ['biasOf', () => biasOf([1, 2, 3], 4), ShapeError, /^bias has 3 elements, expected 4$/],
  ['biasOf', () => biasOf([1, 2, null, 4], 4), ShapeError, /^bias\[2\] is null, expected a number$/],
  // biome-ignore lint/suspicious/noSparseArray: the hole is the point
  ['biasOf', () => biasOf([1, , 3, 4], 4), ShapeError, /^bias\[1\] is undefined, expected a number$/],
  [
    'biasOf',
    () => biasOf(null, 4),
    ShapeError,
    /^bias is null, expected a Float32Array or an array of 4 numbers, or a tensor of shape \[4\]$/,
  ],
  ['biasOf', () => biasOf(true, 4), ShapeError, /^bias is true, expected a Float32Array or an array/],
  [
    'biasOf',
    () => biasOf(new Float64Array(4), 4),
    ShapeError,
    /^bias is a Float64Array of 4, expected a Float32Array or an array of 4 numbers/,
  ],
  ['biasOf', () => biasOf(detached(4), 4), ShapeError, /^bias is detached/],
  [
    'checkVector',
    () => checkVector('bias', tensor([1, 2, 3, 4], [1, 4]), 4),
    ShapeError,
    /^bias has rank 2 \(shape \[1, 4\]\), expected \[4\]$/,
  ],
  [
    'checkVector',
    () => checkVector('bias', tensor([1, 2, 3], [3]), 4),
    ShapeError,
    /^bias has 3 elements, expected 4$/,
  ],
  [
    'checkVector',
    () => checkVector('bias', { data: new Float32Array(3), shape: [4] }, 4),
    ShapeError,
    /^bias has 3 elements, shape \[4\] expects 4$/,
  ],

  ['checkOut', () => checkOut(1, [2, 3], inputs), ShapeError, /^out is 1, expected a tensor/],
  [
    'checkOut',
    out(new Float32Array(6), [3, 2]),
    ShapeError,
    /^out has shape \[3, 2\], expected \[2, 3\]: axis 0 is 3 instead of 2$/,
  ],
  ['checkOut', out(new Float32Array(6), [6]), ShapeError, /^out has rank 1 \(shape \[6\]\), expected \[2, 3\]$/],
  [
    'checkOut',
    out(new Float64Array(6), [2, 3]),
    ShapeError,
    /^out\.data is a Float64Array of 6, expected a Float32Array$/,
  ],
  [
    'checkOut',
    out(shared.subarray(4, 10), [2, 3]),
    OptionError,
    /^out shares bytes 16 to 39 of its buffer with x, expected memory of its own$/,
  ],
  ['checkOut', out(shared.subarray(9, 15), [2, 3]), OptionError, /^out shares bytes 36 to 39 of its buffer with x/],
  ['checkOut', out(shared.subarray(0, 6), [2, 3]), OptionError, /^out shares bytes 16 to 23 of its buffer with x/],
  [
    'checkOut',
    out(shared.subarray(13, 19), [2, 3]),
    OptionError,
    /^out shares bytes 64 to 75 of its buffer with indices/,
  ],
  ['checkOut', out(inputs[1].data, [2, 3]), OptionError, /^out shares bytes 0 to 23 of its buffer with weight/],
];

refuses(rows);
