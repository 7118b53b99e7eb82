import { OptionError } from '../errors.js';
import { checkShaped, checkTensor } from '../shape/tensor.js';
import type { ConvProblem, NewTensor, Tensor } from '../types.js';
import { Handle } from './handle.js';
import { PreparedConv } from './prepared-conv.js';

/** Outputs are computed in multiples of this, so that chunks of many lengths share few plans. */
const OUTPUTS = 8;

/** Copies lines [outer][from][inner] into lines of another length, from cell `begin` on, with zeros behind them. */
function resized(data: Float32Array, outer: number, from: number, to: number, inner: number, begin = 0): Float32Array {
  const fitted = new Float32Array(outer * to * inner);
  const end = Math.min(from, begin + to);
  for (let o = 0; o < outer && begin < end; o++) {
    fitted.set(data.subarray((o * from + begin) * inner, (o * from + end) * inner), o * to * inner);
  }
  return fitted;
}

/**
 * A one-dimensional convolution of a signal that comes in chunks. It keeps the cells that windows to come still read,
 * and shares the packed weights of its layer. Owns wasm memory until `dispose()`.
 */
export class ConvStream extends Handle {
  /** Row of the table that serves it, of accuracy `high`: what it sums does not depend on where a chunk ends. */
  readonly algorithm: string;
  readonly #layer: PreparedConv;
  readonly #problem: ConvProblem;
  /** Cells that are kept, those of the padding first, and how many of them there are. */
  #rest!: Float32Array;
  #length!: number;
  /** Cells to come that no window reads. */
  #skip!: number;

  /** `layer`: without padding. @internal */
  constructor(layer: PreparedConv, problem: ConvProblem) {
    super('stream', () => layer.dispose());
    this.algorithm = layer.algorithm;
    this.#layer = layer;
    this.#problem = problem;
    this.reset();
  }

  /** Forgets what came: the next chunk begins another signal. */
  reset(): void {
    const { n, ic, pw } = this.#problem;
    this.#rest = new Float32Array(n * ic * pw);
    this.#length = pw;
    this.#skip = 0;
  }

  /**
   * Takes the next chunk.
   * @param chunk of the shape given to `prepareConv1d`, of any length
   * @returns the results whose windows are complete, [n, oc, l] or [n, l, oc], where l may be 0: all chunks together
   * give what `conv1d` gives for the whole signal with `algorithm` of this stream, in the strict build to the bit
   * @throws ShapeError for another batch or other channels, MemoryError after `dispose()` or when the host refuses
   * workspace
   */
  push(chunk: Tensor): NewTensor {
    this.alive();
    const { n, ic, oc, kw, sw, dw, channelsLast, xShape, yShape } = this.#problem;
    const { shape } = checkTensor('chunk', chunk);
    const axis = xShape.length - (channelsLast ? 2 : 1);
    const sized = (of: readonly number[], length: number) => of.map((extent, a) => (a === axis ? length : extent));
    const came = shape[axis] ?? 0;
    const { data } = checkShaped('chunk', chunk, sized(xShape, came));
    const [outer, inner] = channelsLast ? [n, ic] : [n * ic, 1];
    const skipped = Math.min(this.#skip, came);
    const length = this.#length + came - skipped;
    const signal = resized(this.#rest, outer, this.#length, length, inner);
    for (let o = 0; o < outer; o++) {
      const from = data.subarray((o * came + skipped) * inner, (o + 1) * came * inner);
      signal.set(from, (o * length + this.#length) * inner);
    }
    const window = (kw - 1) * dw + 1;
    const outputs = Math.max(0, Math.floor((length - window) / sw) + 1);
    const whole = Math.ceil(outputs / OUTPUTS) * OUTPUTS;
    const read = (whole - 1) * sw + window;
    const y = outputs
      ? this.#layer.convolve({ data: resized(signal, outer, length, read, inner), shape: sized(xShape, read) }).data
      : new Float32Array(0);
    const used = outputs * sw;
    this.#rest = resized(signal, outer, length, Math.max(0, length - used), inner, used);
    this.#length = Math.max(0, length - used);
    this.#skip += Math.max(0, used - length) - skipped;
    const [lines, width] = channelsLast ? [n, oc] : [n * oc, 1];
    return { data: resized(y, lines, whole, outputs, width) as NewTensor['data'], shape: sized(yShape, outputs) };
  }
}

/** A one-dimensional convolution bound to its weights, also for signals that come in chunks. */
export class PreparedConv1d extends PreparedConv {
  /**
   * Begins a signal that comes in chunks of any length. Padding stands before it (`'causal'`, `'valid'` or [[begin, 0]]).
   * @throws OptionError for padding behind the signal, or of another mode than zeros
   */
  stream(): ConvStream {
    this.alive();
    const p = this.binding.problem as ConvProblem;
    if (p.pwEnd > 0 || p.paddingMode !== 'zeros') {
      throw new OptionError(
        `stream: padding is [[${p.pw}, ${p.pwEnd}]] of ${p.paddingMode}, expected [[begin, 0]] of zeros`,
      );
    }
    const axis = p.xShape.length - (p.channelsLast ? 2 : 1);
    const shape = p.xShape.map((extent, a) => (a === axis ? extent + p.pw : extent));
    return new ConvStream(this.over(shape, { padding: 'valid', accuracy: 'high', algorithm: undefined }), p);
  }
}
