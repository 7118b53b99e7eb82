import { describe, expect, it } from 'vitest';
import { FormatError, OptionError, safetensors, UnsupportedError } from '../../src/data.js';
import { wrong } from '../shape/misuse.js';
import { bearsDamage } from './damage.js';

/** A file of a header, as an object or as text, and the bytes behind it. */
function file(header: unknown, data: ArrayLike<number>, length?: number): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length ?? text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}

const f32 = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);
const u16 = (...values: number[]) => new Uint8Array(Uint16Array.from(values).buffer);
const entry = (dtype: unknown, shape: unknown, begin: unknown, end: unknown) => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});

describe('safetensors', () => {
  it('reads tensors in the order of their bytes, and metadata', () => {
    const header = {
      late: entry('F32', [2], 24, 32),
      __metadata__: { format: 'pt' },
      'a.weight': entry('F32', [2, 3], 0, 24),
      empty: entry('F32', [0, 3], 24, 24),
      one: entry('F32', [], 32, 36),
    };
    const { tensors, metadata } = safetensors(file(header, f32(1, 2, 3, 4, 5, 6, 7, 8, 9)));
    expect([...tensors.keys()]).toEqual(['a.weight', 'empty', 'late', 'one']);
    expect(tensors.get('a.weight')).toEqual({ data: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [2, 3] });
    expect(tensors.get('late')?.data).toEqual(Float32Array.of(7, 8));
    expect(tensors.get('empty')).toEqual({ data: new Float32Array(0), shape: [0, 3] });
    expect(tensors.get('one')).toEqual({ data: Float32Array.of(9), shape: [] });
    expect([...metadata]).toEqual([['format', 'pt']]);
  });

  it('reads views at any offset, and ArrayBuffers, and copies', () => {
    const bytes = file({ w: entry('F32', [1], 0, 4) }, f32(5));
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    const { tensors } = safetensors(shifted.subarray(3));
    shifted.fill(0);
    expect(tensors.get('w')?.data).toEqual(Float32Array.of(5));
    expect(safetensors(bytes.buffer as ArrayBuffer).tensors.get('w')?.data).toEqual(Float32Array.of(5));
  });

  it('widens float16: every one of its 65536 values', () => {
    const halves = Array.from({ length: 65536 }, (_, bits) => bits);
    const { tensors } = safetensors(file({ h: entry('F16', [65536], 0, 131072) }, u16(...halves)));
    const expected = halves.map((bits) => {
      const exponent = (bits >> 10) & 31;
      const fraction = (bits & 1023) / 1024;
      const size = exponent ? (1 + fraction) * 2 ** (exponent - 15) : fraction * 2 ** -14;
      const value = exponent < 31 ? size : fraction ? Number.NaN : Number.POSITIVE_INFINITY;
      return bits >> 15 ? -value : value;
    });
    expect(tensors.get('h')?.data).toEqual(Float32Array.from(expected));
  });

  it('widens bfloat16', () => {
    const { tensors } = safetensors(
      file({ b: entry('BF16', [5], 0, 10) }, u16(0x3f80, 0xc049, 0x7f80, 0x0001, 0x8000)),
    );
    expect(tensors.get('b')?.data).toEqual(Float32Array.of(1, -3.140625, Number.POSITIVE_INFINITY, 2 ** -133, -0));
    const nan = safetensors(file({ b: entry('BF16', [1], 0, 2) }, u16(0x7fc1))).tensors.get('b');
    expect(nan?.data[0]).toBeNaN();
  });

  it('keeps names that objects have', () => {
    const header = `{"__proto__":${JSON.stringify(entry('F32', [1], 0, 4))}}`;
    expect(safetensors(file(header, f32(1))).tensors.get('__proto__')?.data).toEqual(Float32Array.of(1));
  });

  const one = (e: unknown, data = f32(1)) => file({ w: e }, data);
  it.each<[string, unknown, RegExp]>([
    ['seven bytes', new Uint8Array(7), /^bytes has 7 bytes, expected at least 8$/],
    ['a longer header', file('{}', [], 3), /^the header is said to have 3 bytes, expected at most 2$/],
    ['an endless header', file('{}', [], 2 ** 53), /expected at most 2$/],
    ['no JSON', file('{"a":', []), /^the header of 5 bytes is no JSON$/],
    ['no UTF-8', file('{"a":1}', []).fill(0xff, 9, 12), /is no JSON$/],
    ['a list', file([], []), /^the header is \[\], expected an object$/],
    [
      'metadata of numbers',
      file({ __metadata__: { a: 1 } }, []),
      /^__metadata__ is an object, expected an object of st/,
    ],
    ['no entry', one(3), /^tensor "w" is 3, expected an object$/],
    ['a negative extent', one(entry('F32', [-1], 0, 4)), /^tensor "w" has shape \[-1\], expected an array of non-neg/],
    ['half an extent', one(entry('F32', [0.5], 0, 4)), /has shape \[0.5\]/],
    ['no shape', one(entry('F32', 'x', 0, 4)), /has shape "x"/],
    ['no offsets', one({ dtype: 'F32', shape: [1] }), /has data_offsets undefined, expected two non-negative integers/],
    ['an offset of text', one(entry('F32', [1], 0, '4')), /has data_offsets \[0, "4"\]/],
    ['another length', one(entry('F32', [2], 0, 4)), /^tensor "w" of shape \[2\] has 4 bytes, expected 8$/],
    ['an offset before', one(entry('F32', [1], 8, 4)), /has -4 bytes, expected 4$/],
    ['huge extents', one(entry('F32', [2 ** 30, 2 ** 30], 0, 4)), /expected 4611686018427388000$/],
    ['a hole', one(entry('F32', [1], 4, 8), f32(1, 2)), /^tensor "w" begins at byte 4, expected 0$/],
    ['bytes left', one(entry('F32', [1], 0, 4), f32(1, 2)), /^8 bytes follow the header, expected 4$/],
    ['bytes missing', one(entry('F32', [2], 0, 8)), /^4 bytes follow the header, expected 8$/],
    [
      'an overlap',
      file({ a: entry('F32', [1], 0, 4), b: entry('F32', [1], 0, 4) }, f32(1)),
      /begins at byte 0, expected 4/,
    ],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => safetensors(wrong(bytes))).toThrow(FormatError);
    expect(() => safetensors(wrong(bytes))).toThrow(message);
  });

  it('refuses other types of numbers, and what is no bytes', () => {
    for (const dtype of ['F64', 'I64', 'toString', 7, undefined]) {
      expect(() => safetensors(one(entry(dtype, [1], 0, 4)))).toThrow(UnsupportedError);
    }
    expect(() => safetensors(one(entry('I64', [1], 0, 8)))).toThrow(
      'tensor "w" has dtype "I64", expected F32, F16 or BF16',
    );
    for (const bytes of [undefined, null, 'x', [1, 2], new Float32Array(8)]) {
      expect(() => safetensors(wrong(bytes))).toThrow(OptionError);
    }
  });

  it('never fails otherwise, whatever byte of a file is changed', () => {
    const whole = file({ w: entry('F16', [2, 2], 0, 8), v: entry('F32', [1], 8, 12) }, [...u16(1, 2, 3, 4), ...f32(1)]);
    bearsDamage(whole, safetensors);
  });
});
