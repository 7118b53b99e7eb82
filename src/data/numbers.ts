/** How one number of a file is read: its bytes, and its value at a place, or the bits that the value has as float32. */
export interface NumberFormat {
  readonly bytes: number;
  readonly read: (view: DataView, at: number, little: boolean) => number;
  readonly asBits?: true;
}

/** The bits as float32 of an IEEE 754 binary16: 1 bit of sign, 5 of exponent, 10 of fraction. */
function widened(half: number): number {
  const sign = (half >> 15) << 31;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 31) return sign | 0x7f800000 | (fraction << 13);
  if (exponent > 0) return sign | ((exponent + 112) << 23) | (fraction << 13);
  if (fraction === 0) return sign;
  // a subnormal number has a leading one as float32
  const shift = Math.clz32(fraction) - 21;
  return sign | ((113 - shift) << 23) | (((fraction << shift) & 1023) << 13);
}

export const float16: NumberFormat = {
  bytes: 2,
  read: (view, at, little) => widened(view.getUint16(at, little)),
  asBits: true,
};
/** The upper half of a float32. */
export const bfloat16: NumberFormat = {
  bytes: 2,
  read: (view, at, little) => view.getUint16(at, little) << 16,
  asBits: true,
};
export const float32: NumberFormat = { bytes: 4, read: (view, at, little) => view.getFloat32(at, little) };
export const float64: NumberFormat = { bytes: 8, read: (view, at, little) => view.getFloat64(at, little) };
export const uint8: NumberFormat = { bytes: 1, read: (view, at) => view.getUint8(at) };
export const int8: NumberFormat = { bytes: 1, read: (view, at) => view.getInt8(at) };
export const uint16: NumberFormat = { bytes: 2, read: (view, at, little) => view.getUint16(at, little) };
export const int16: NumberFormat = { bytes: 2, read: (view, at, little) => view.getInt16(at, little) };

/** `count` numbers from `begin` on, as float32. */
export function numbers(format: NumberFormat, view: DataView, begin: number, count: number, little: boolean) {
  const { bytes, read, asBits } = format;
  const values = new Float32Array(count);
  const to = asBits ? new Int32Array(values.buffer) : values;
  for (let i = 0; i < count; i++) to[i] = read(view, begin + i * bytes, little);
  return values;
}
