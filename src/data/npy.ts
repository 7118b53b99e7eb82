import { UnsupportedError } from '../errors.js';
import { show } from '../shape/show.js';
import { maxElements, tensor } from '../shape/tensor.js';
import type { Tensor } from '../types.js';
import { textOf, viewOf } from './bytes.js';
import { FormatError } from './format-error.js';
import { float16, float32, float64, int8, int16, type NumberFormat, numbers, uint8, uint16 } from './numbers.js';

/** NumPy's names of types whose numbers are float32's, or are rounded to it as NumPy's `astype` does. */
const formats = new Map<string, NumberFormat>([
  ['f2', float16],
  ['f4', float32],
  ['f8', float64],
  ['b1', uint8],
  ['u1', uint8],
  ['i1', int8],
  ['u2', uint16],
  ['i2', int16],
]);

/** The first six bytes: 0x93 and NUMPY. */
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** The header's text, and where the numbers begin. */
function readHeader(view: DataView): [text: string, begin: number] {
  if (view.byteLength < 10 || !MAGIC.every((byte, i) => view.getUint8(i) === byte)) {
    throw new FormatError('bytes is no .npy file: it does not begin with \\x93NUMPY');
  }
  const version = view.getUint8(6);
  if (version < 1 || version > 3) throw new UnsupportedError(`version ${version} of .npy, expected 1, 2 or 3`);
  const lengthBytes = version === 1 ? 2 : 4;
  const from = 8 + lengthBytes;
  if (view.byteLength < from) throw new FormatError(`bytes has ${view.byteLength} bytes, expected at least ${from}`);
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const rest = view.byteLength - from;
  if (length > rest) throw new FormatError(`the header is said to have ${length} bytes, expected at most ${rest}`);
  const text = textOf(view, from, from + length);
  if (text === undefined) throw new FormatError('the header is no text');
  return [text, from + length];
}

/** What the header, the text of a Python dictionary, says of a key. */
function field(header: string, key: string, value: string): string {
  const found = RegExp(`^\\s*\\{(?:.*,)?\\s*'${key}'\\s*:\\s*${value}\\s*[,}]`, 's').exec(header);
  if (!found) throw new FormatError(`the header ${show(header.trim())} has no '${key}' of the form that .npy has`);
  return found[1];
}

/** Numbers whose first axis is the fastest, in row-major order. */
function rowMajor(values: Float32Array, shape: readonly number[]): Float32Array {
  const sorted = new Float32Array(values.length);
  const index = shape.map(() => 0);
  const steps = shape.map((_, axis) => shape.slice(0, axis).reduce((step, extent) => step * extent, 1));
  for (let i = 0, from = 0; i < values.length; i++) {
    sorted[i] = values[from];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += steps[axis];
      if (++index[axis] < shape[axis]) break;
      from -= shape[axis] * steps[axis];
      index[axis] = 0;
    }
  }
  return sorted;
}

/**
 * Reads a file of `numpy.save`: float32, and what becomes float32 (float16, float64 rounded, integers of 8 and 16 bits,
 * booleans as 0 and 1), in either byte order and either order of axes.
 *
 * @param bytes the whole file
 * @returns the array as a row-major tensor, copied
 * @throws {@link FormatError} where the file is cut short, too long, or its header is broken; {@link UnsupportedError}
 * for other types and versions; {@link OptionError} when `bytes` is no bytes
 * @see the format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 * @example
 * ```js
 * const weight = npy(await readFile('weight.npy')); // weight.shape is what NumPy's is
 * ```
 */
export function npy(bytes: Uint8Array | ArrayBuffer): Tensor {
  const view = viewOf(bytes);
  const [header, begin] = readHeader(view);
  const descr = field(header, 'descr', "'([^']*)'");
  const format = /^[<>|=]/.test(descr) ? formats.get(descr.slice(1)) : undefined;
  if (!format) throw new UnsupportedError(`descr is ${show(descr)}, expected one of ${[...formats.keys()].join(', ')}`);
  const fortran = field(header, 'fortran_order', '(True|False)') === 'True';
  const shape = (field(header, 'shape', '\\(([\\d\\s,]*)\\)').match(/\d+/g) ?? []).map(Number);
  const size = shape.includes(0) ? 0 : shape.reduce((product, extent) => product * extent, 1);
  const found = view.byteLength - begin;
  if (size > maxElements || found !== size * format.bytes) {
    throw new FormatError(`${found} bytes for shape ${show(shape)}, expected ${size * format.bytes}`);
  }
  const values = numbers(format, view, begin, size, descr[0] !== '>');
  return tensor(fortran ? rowMajor(values, shape) : values, shape);
}
