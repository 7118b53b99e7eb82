import type { ConvProblem } from '../types.js';
import type { Address } from '../wasm/arena.js';
import type { Host } from '../wasm/host.js';

/** Output pixels worth of images that pass through the channels-last core at once: small images share tiles, large ones stay in the cache. */
const CHUNK_PIXELS = 768;

/** Scratch of a kernel over padded images: at least INDIRECT_SCRATCH, FEW_OUTPUTS_SCRATCH and GEMM_SCRATCH of the AssemblyScript source. */
export const TABLE_BYTES = 256 * 8;

const round64 = (bytes: number) => Math.ceil(bytes / 64) * 64;

/** What the core sees of one chunk of images: padded and channels last on the way in, channels last on the way out. */
export interface Chunk {
  readonly image: Address;
  readonly y: Address;
  readonly addend: Address;
  /** Output pixels of the chunk. */
  readonly pixels: number;
  readonly scratch: Address;
}

/**
 * The door of the channels-last core: pads and turns images on the way in, turns them back on the way out, and does neither where the caller's
 * layout already fits.
 */
export class Frame {
  /** Extents of the padded image. */
  readonly padded: { readonly d: number; readonly h: number; readonly w: number };
  /** Scratch of a run: `extra` bytes for the core come on top. */
  readonly scratchBytes: number;
  readonly #host: Host;
  readonly #geometry: Address;
  readonly #images: number;
  readonly #pixels: number;
  readonly #oc: number;
  readonly #chunk: number;
  readonly #turnsX: boolean;
  readonly #turnsY: boolean;
  readonly #xBytes: number;
  readonly #imageBytes: number;
  readonly #yBytes: number;

  constructor(host: Host, p: ConvProblem, geometry: Address, extra: (chunkPixels: number) => number) {
    this.#host = host;
    this.#geometry = geometry;
    this.#images = p.n;
    this.#oc = p.oc;
    this.padded = { d: p.pd + p.id + p.pdEnd, h: p.ph + p.ih + p.phEnd, w: p.pw + p.iw + p.pwEnd };
    const inPixels = p.id * p.ih * p.iw;
    const paddedPixels = this.padded.d * this.padded.h * this.padded.w;
    this.#pixels = p.od * p.oh * p.ow;
    this.#xBytes = inPixels * p.ic * 4;
    this.#imageBytes = paddedPixels * p.ic * 4;
    this.#yBytes = this.#pixels * p.oc * 4;
    this.#turnsX = paddedPixels !== inPixels || (!p.channelsLast && p.ic > 1 && inPixels > 1);
    this.#turnsY = !p.channelsLast && p.oc > 1 && this.#pixels > 1;
    const few = Math.min(p.n, Math.ceil(CHUNK_PIXELS / this.#pixels));
    this.#chunk = Math.max(1, this.#turnsX || this.#turnsY ? few : p.n);
    this.scratchBytes =
      (this.#turnsX ? round64(this.#chunk * this.#imageBytes) : 0) +
      (this.#turnsY ? round64(this.#chunk * this.#yBytes) : 0) +
      extra(this.#chunk * this.#pixels);
  }

  /** Brings every chunk through `core`. */
  run(x: Address, y: Address, addend: Address, scratch: Address, core: (chunk: Chunk) => void): void {
    const { exports } = this.#host;
    const image = scratch;
    const last = image + (this.#turnsX ? round64(this.#chunk * this.#imageBytes) : 0);
    const rest = last + (this.#turnsY ? round64(this.#chunk * this.#yBytes) : 0);
    for (let n = 0; n < this.#images; n += this.#chunk) {
      const count = Math.min(this.#chunk, this.#images - n);
      if (this.#turnsX) {
        for (let i = 0; i < count; i++)
          exports.padImage(this.#geometry, x + (n + i) * this.#xBytes, image + i * this.#imageBytes);
      }
      const yHere = y + n * this.#yBytes;
      const addendHere = addend && addend + n * this.#yBytes;
      if (this.#turnsY && addend) this.#turn(addendHere, last, count, false);
      core({
        image: this.#turnsX ? image : x + n * this.#xBytes,
        y: this.#turnsY ? last : yHere,
        addend: addend && (this.#turnsY ? last : addendHere),
        pixels: count * this.#pixels,
        scratch: rest,
      });
      if (this.#turnsY) this.#turn(last, yHere, count, true);
    }
  }

  /** Between channels last and channels first, image by image. */
  #turn(from: Address, to: Address, count: number, toFirst: boolean): void {
    const [rows, cols] = toFirst ? [this.#pixels, this.#oc] : [this.#oc, this.#pixels];
    for (let i = 0; i < count; i++) {
      const offset = i * this.#yBytes;
      this.#host.exports.transpose(to + offset, rows * 4, from + offset, cols * 4, rows, cols);
    }
  }
}
