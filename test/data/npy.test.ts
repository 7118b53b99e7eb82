import { describe, expect, it } from 'vitest';
import { FormatError, npy, OptionError, UnsupportedError } from '../../src/data.js';
import { wrong } from '../shape/misuse.js';
import { bearsDamage } from './damage.js';

interface Parts {
  descr?: string;
  fortran?: string;
  shape?: string;
  version?: number;
  header?: string;
}

/** A file of `numpy.save`, its header padded to 64 bytes. */
function file(data: ArrayLike<number>, parts: Parts = {}): Uint8Array {
  const { descr = '<f4', fortran = 'False', shape = '(2, 3)', version = 1 } = parts;
  const words = parts.header ?? `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }`;
  const front = version === 1 ? 10 : 12;
  const text = `${words.padEnd(64 * Math.ceil((front + words.length + 1) / 64) - front - 1)}\n`;
  const bytes = new Uint8Array(front + text.length + data.length);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0]);
  const view = new DataView(bytes.buffer);
  if (version === 1) view.setUint16(8, text.length, true);
  else view.setUint32(8, text.length, true);
  bytes.set(new TextEncoder().encode(text), front);
  bytes.set(data, front + text.length);
  return bytes;
}

const bytesOf = (array: { buffer: ArrayBufferLike }) => new Uint8Array(array.buffer);
const six = bytesOf(Float32Array.of(1, 2, 3, 4, 5, 6));

describe('npy', () => {
  it.each([1, 2, 3])('reads version %i', (version) => {
    expect(npy(file(six, { version }))).toEqual({ data: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [2, 3] });
  });

  it('reads arrays of one axis, of none and of no elements', () => {
    expect(npy(file(six, { shape: '(6,)' })).shape).toEqual([6]);
    expect(npy(file(six.slice(0, 4), { shape: '()' }))).toEqual({ data: Float32Array.of(1), shape: [] });
    expect(npy(file([], { shape: '(0, 3)' }))).toEqual({ data: new Float32Array(0), shape: [0, 3] });
  });

  it('turns axes of Fortran order', () => {
    const shape = [2, 3, 4];
    const values = Float32Array.from({ length: 24 }, (_, i) => i);
    const { data } = npy(file(bytesOf(values), { fortran: 'True', shape: '(2, 3, 4)' }));
    const expected: number[] = [];
    for (let i = 0; i < shape[0]; i++)
      for (let j = 0; j < shape[1]; j++) for (let k = 0; k < shape[2]; k++) expected.push(i + 2 * j + 6 * k);
    expect([...data]).toEqual(expected);
  });

  it.each<[string, ArrayBufferView<ArrayBuffer>, number[]]>([
    ['<f8', Float64Array.of(1.5, 0.1), [1.5, Math.fround(0.1)]],
    ['<f2', Uint16Array.of(0x3c00, 0xc000), [1, -2]],
    ['|u1', Uint8Array.of(7, 255), [7, 255]],
    ['|b1', Uint8Array.of(0, 1), [0, 1]],
    ['|i1', Int8Array.of(-7, 127), [-7, 127]],
    ['<u2', Uint16Array.of(7, 65535), [7, 65535]],
    ['<i2', Int16Array.of(-7, 32767), [-7, 32767]],
    ['>i2', Uint8Array.of(1, 2, 255, 255), [258, -1]],
    ['>f4', Uint8Array.of(0x3f, 0x80, 0, 0, 0xc0, 0, 0, 0), [1, -2]],
  ])('reads %s', (descr, array, values) => {
    expect([...npy(file(bytesOf(array), { descr, shape: '(2,)' })).data]).toEqual(values);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['another magic', file(six).fill(0, 0, 1), /^bytes is no .npy file/],
    ['nothing', new Uint8Array(0), /^bytes is no .npy file/],
    ['a front cut short', file(six, { version: 2 }).slice(0, 11), /^bytes has 11 bytes, expected at least 12$/],
    ['a header cut short', file(six).slice(0, 100), /^the header is said to have 118 bytes, expected at most 90$/],
    ['too few numbers', file(six.slice(0, 20)), /^20 bytes for shape \[2, 3\], expected 24$/],
    ['too many numbers', file(six, { shape: '(5,)' }), /^24 bytes for shape \[5\], expected 20$/],
    ['a negative extent', file(six, { shape: '(-6,)' }), /has no 'shape' of the form/],
    ['huge extents', file(six, { shape: '(99999999999, 99999999999)' }), /^24 bytes for shape/],
    ['no order', file(six, { header: "{'descr': '<f4', 'shape': (6,)}" }), /has no 'fortran_order'/],
    ['an order that is none', file(six, { fortran: '1' }), /has no 'fortran_order'/],
    [
      'records',
      file(six, { header: "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (6,)}" }),
      /no 'descr'/,
    ],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => npy(bytes)).toThrow(FormatError);
    expect(() => npy(bytes)).toThrow(message);
  });

  it('refuses other types and versions, and what is no bytes', () => {
    for (const descr of ['<i8', '<c8', 'f4', '', '|O', '<U3']) {
      expect(() => npy(file(six, { descr })), descr).toThrow(UnsupportedError);
    }
    expect(() => npy(file(six, { version: 4 }))).toThrow(new UnsupportedError('version 4 of .npy, expected 1, 2 or 3'));
    for (const bytes of [undefined, 'x', new Float64Array(2)]) expect(() => npy(wrong(bytes))).toThrow(OptionError);
  });

  it('never fails otherwise, whatever byte of a file is changed', () => {
    const whole = file(six);
    bearsDamage(whole, npy);
  });
});
