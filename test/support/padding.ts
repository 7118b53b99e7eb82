type Pairs = readonly (readonly [number, number])[];
export type Fill = 'zeros' | 'reflect' | 'replicate' | 'circular';

interface Values {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
}

/**
 * The position on a line of `extent` cells that coordinate `at` shows, by the closed form of each mode; -1 for none.
 */
function source(at: number, extent: number, fill: Fill): number {
  if (at >= 0 && at < extent) return at;
  if (fill === 'zeros') return -1;
  if (fill === 'replicate') return Math.min(Math.max(at, 0), extent - 1);
  if (fill === 'circular') return ((at % extent) + extent) % extent;
  const period = Math.max(1, 2 * (extent - 1));
  const phase = ((at % period) + period) % period;
  return Math.min(phase, period - phase);
}

interface Window {
  readonly padding: readonly (readonly [number, number])[] | 'valid' | 'same' | 'same-lower' | 'full';
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
}

/** The numbers a padding word stands for over an input of `extents`, by the formula. */
export function paddingPairs(
  extents: readonly number[],
  kernel: readonly number[],
  options: Window,
): [number, number][] {
  const { padding, stride, dilation } = options;
  return extents.map((extent, a) => {
    const reach = dilation[a] * (kernel[a] - 1);
    if (padding === 'valid') return [0, 0];
    if (padding === 'full') return [reach, reach];
    if (typeof padding !== 'string') return [padding[a][0], padding[a][1]];
    const total = Math.max(0, (Math.ceil(extent / stride[a]) - 1) * stride[a] + reach + 1 - extent);
    const less = Math.floor(total / 2);
    return padding === 'same' ? [less, total - less] : [total - less, less];
  });
}

/** A tensor [n, c, ...spatial] padded in memory. `value` stands in the cells that `zeros` fills. */
export function padded(x: Values, pairs: Pairs, fill: Fill, value = 0): { data: Float32Array; shape: number[] } {
  let { data, shape } = { data: Float32Array.from(x.data), shape: [...x.shape] };
  pairs.forEach(([begin, end], a) => {
    const axis = a + 2;
    const extent = shape[axis];
    const inner = shape.slice(axis + 1).reduce((product, other) => product * other, 1);
    const outer = shape.slice(0, axis).reduce((product, other) => product * other, 1);
    const wide = begin + extent + end;
    const next = new Float32Array(outer * wide * inner);
    for (let o = 0; o < outer; o += 1) {
      for (let at = 0; at < wide; at += 1) {
        const from = source(at - begin, extent, fill);
        for (let i = 0; i < inner; i += 1) {
          next[(o * wide + at) * inner + i] = from < 0 ? value : data[(o * extent + from) * inner + i];
        }
      }
    }
    data = next;
    shape = shape.map((other, at) => (at === axis ? wide : other));
  });
  return { data, shape };
}

/** A tensor [n, c, ...spatial] with `zeros[axis]` zeros between neighbours along each spatial axis. */
export function spacedOut(x: Values, zeros: readonly number[]): { data: Float32Array; shape: number[] } {
  let { data, shape } = { data: Float32Array.from(x.data), shape: [...x.shape] };
  zeros.forEach((count, a) => {
    const axis = a + 2;
    const inner = shape.slice(axis + 1).reduce((product, other) => product * other, 1);
    const extent = shape[axis];
    const wide = extent === 0 ? 0 : (extent - 1) * (count + 1) + 1;
    const next = new Float32Array((data.length / Math.max(1, extent)) * wide);
    data.forEach((element, at) => {
      const [o, cell, i] = [Math.floor(at / (inner * extent)), Math.floor(at / inner) % extent, at % inner];
      next[(o * wide + cell * (count + 1)) * inner + i] = element;
    });
    data = next;
    shape = shape.map((other, at) => (at === axis ? wide : other));
  });
  return { data, shape };
}
