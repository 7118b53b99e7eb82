import { UnsupportedError } from '../errors.js';
import { show } from '../shape/show.js';
import { maxElements, tensor } from '../shape/tensor.js';
import type { Tensor } from '../types.js';
import { textOf, viewOf } from './bytes.js';
import { FormatError } from './format-error.js';
import { bfloat16, float16, float32, type NumberFormat, numbers } from './numbers.js';

/** What a safetensors file holds. */
export interface SafeTensors {
  /** The tensors by name, in the order of the file's bytes. */
  readonly tensors: Map<string, Tensor>;
  /** The words of `__metadata__`; empty without. */
  readonly metadata: Map<string, string>;
}

const formats = new Map<unknown, NumberFormat>([
  ['F32', float32],
  ['F16', float16],
  ['BF16', bfloat16],
]);

/** Bytes of the length in front of the header, and the longest header that the format allows. */
const LENGTH_BYTES = 8;
const MOST_HEADER_BYTES = 1e8;

type Named = Record<string, unknown>;

const isObject = (value: unknown): value is Named =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isExtent = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** The header, and where the bytes of the tensors begin. */
function readHeader(view: DataView): [header: Named, begin: number] {
  if (view.byteLength < LENGTH_BYTES) {
    throw new FormatError(`bytes has ${view.byteLength} bytes, expected at least ${LENGTH_BYTES}`);
  }
  const length = Number(view.getBigUint64(0, true));
  const most = Math.min(view.byteLength - LENGTH_BYTES, MOST_HEADER_BYTES);
  if (length > most) throw new FormatError(`the header is said to have ${length} bytes, expected at most ${most}`);
  const text = textOf(view, LENGTH_BYTES, LENGTH_BYTES + length);
  let header: unknown;
  try {
    header = JSON.parse(text ?? '');
  } catch {
    throw new FormatError(`the header of ${length} bytes is no JSON`);
  }
  if (!isObject(header)) throw new FormatError(`the header is ${show(header)}, expected an object`);
  return [header, LENGTH_BYTES + length];
}

interface Entry {
  readonly name: string;
  readonly format: NumberFormat;
  readonly shape: number[];
  readonly begin: number;
  readonly end: number;
}

/** One tensor's entry of the header. */
function readEntry(name: string, entry: unknown): Entry {
  const at = `tensor ${show(name)}`;
  if (!isObject(entry)) throw new FormatError(`${at} is ${show(entry)}, expected an object`);
  const { dtype, shape, data_offsets: offsets } = entry;
  const format = formats.get(dtype);
  if (!format) throw new UnsupportedError(`${at} has dtype ${show(dtype)}, expected F32, F16 or BF16`);
  if (!Array.isArray(shape) || !shape.every(isExtent)) {
    throw new FormatError(`${at} has shape ${show(shape)}, expected an array of non-negative integers`);
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isExtent)) {
    throw new FormatError(`${at} has data_offsets ${show(offsets)}, expected two non-negative integers`);
  }
  const [begin, end] = offsets as [number, number];
  const size = shape.includes(0) ? 0 : (shape as number[]).reduce((product, extent) => product * extent, 1);
  if (size > maxElements || end - begin !== size * format.bytes) {
    throw new FormatError(`${at} of shape ${show(shape)} has ${end - begin} bytes, expected ${size * format.bytes}`);
  }
  return { name, format, shape, begin, end };
}

/**
 * Reads a file of safetensors: named tensors of float32, or of float16 and bfloat16, which become float32.
 *
 * The header is checked before anything is read: every length against the shape, and that the tensors fill the file one
 * after the other.
 *
 * @param bytes the whole file
 * @returns its tensors, copied, and its metadata
 * @throws {@link FormatError} where the file is cut short or its header contradicts it; {@link UnsupportedError} for
 * any other dtype; {@link OptionError} when `bytes` is no bytes
 * @see the format: https://huggingface.co/docs/safetensors
 * @example
 * ```js
 * const { tensors } = safetensors(await readFile('model.safetensors'));
 * const y = conv2d(x, tensors.get('conv1.weight'), { bias: tensors.get('conv1.bias') });
 * ```
 */
export function safetensors(bytes: Uint8Array | ArrayBuffer): SafeTensors {
  const view = viewOf(bytes);
  const [{ __metadata__: words = {}, ...named }, from] = readHeader(view);
  if (!isObject(words) || !Object.values(words).every((word) => typeof word === 'string')) {
    throw new FormatError(`__metadata__ is ${show(words)}, expected an object of strings`);
  }
  const entries = Object.entries(named)
    .map(([name, entry]) => readEntry(name, entry))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  let place = 0;
  for (const { name, begin, end } of entries) {
    if (begin !== place) throw new FormatError(`tensor ${show(name)} begins at byte ${begin}, expected ${place}`);
    place = end;
  }
  const found = view.byteLength - from;
  if (place !== found) throw new FormatError(`${found} bytes follow the header, expected ${place}`);
  const tensors = new Map<string, Tensor>();
  for (const { name, format, shape, begin, end } of entries) {
    const count = (end - begin) / format.bytes;
    tensors.set(name, tensor(numbers(format, view, from + begin, count, true), shape));
  }
  return { tensors, metadata: new Map(Object.entries(words as Record<string, string>)) };
}
