import type { ConvProblem } from '../../types.js';
import type { Address } from '../../wasm/arena.js';
import type { Host } from '../../wasm/host.js';

/** Output pixels worth of images that are staged at once: small images share blocks, large ones stay in the cache. */
const CHUNK_PIXELS = 768;

/** What a core wants of its operands. */
export interface FrameOptions {
  /** gradY channels last. */
  readonly turnY: boolean;
  /** Output pixels worth of images at once. */
  readonly chunkPixels?: number;
}

const round64 = (bytes: number) => Math.ceil(bytes / 64) * 64;

/** What the core sees of one chunk of images. */
export interface Chunk {
  /** x, padded and channels last. */
  readonly image: Address;
  /** Channels last where that was asked for, else as the caller laid it out. */
  readonly gradY: Address;
  readonly images: number;
  readonly scratch: Address;
}

/** The door of the weight gradients: pads and turns x, turns gradY if asked to, and does neither where the caller's layout already fits. */
export class GradFrame {
  /** Scratch of a run: `extra` bytes for the core, given the images of a chunk, come on top. */
  readonly scratchBytes: number;
  readonly #host: Host;
  readonly #geometry: Address;
  readonly #p: ConvProblem;
  readonly #chunk: number;
  readonly #turnsX: boolean;
  readonly #turnsY: boolean;
  readonly #xBytes: number;
  readonly #imageBytes: number;
  readonly #yBytes: number;

  constructor(host: Host, p: ConvProblem, geometry: Address, options: FrameOptions, extra: (images: number) => number) {
    const { turnY, chunkPixels = CHUNK_PIXELS } = options;
    this.#host = host;
    this.#geometry = geometry;
    this.#p = p;
    const cells = p.id * p.ih * p.iw;
    const padded = (p.pd + p.id + p.pdEnd) * (p.ph + p.ih + p.phEnd) * (p.pw + p.iw + p.pwEnd);
    const pixels = p.od * p.oh * p.ow;
    this.#xBytes = cells * p.ic * 4;
    this.#imageBytes = padded * p.ic * 4;
    this.#yBytes = pixels * p.oc * 4;
    this.#turnsX = padded !== cells || (!p.channelsLast && p.ic > 1 && cells > 1);
    this.#turnsY = turnY && !p.channelsLast && p.oc > 1 && pixels > 1;
    this.#chunk = Math.min(p.n, Math.ceil(chunkPixels / pixels));
    this.scratchBytes = this.#staged() + extra(this.#chunk);
  }

  /** Brings every chunk through `core`. */
  run(x: Address, gradY: Address, scratch: Address, core: (chunk: Chunk) => void): void {
    const { exports } = this.#host;
    const { n, oc, od, oh, ow } = this.#p;
    const pixels = od * oh * ow;
    const turned = scratch + (this.#turnsX ? round64(this.#chunk * this.#imageBytes) : 0);
    for (let first = 0; first < n; first += this.#chunk) {
      const count = Math.min(this.#chunk, n - first);
      for (let i = 0; i < count; i++) {
        const at = first + i;
        if (this.#turnsX) exports.padImage(this.#geometry, x + at * this.#xBytes, scratch + i * this.#imageBytes);
        if (this.#turnsY) exports.transpose(turned + i * this.#yBytes, oc * 4, gradY + at * this.#yBytes, pixels * 4, oc, pixels);
      }
      core({
        image: this.#turnsX ? scratch : x + first * this.#xBytes,
        gradY: this.#turnsY ? turned : gradY + first * this.#yBytes,
        images: count,
        scratch: scratch + this.#staged(),
      });
    }
  }

  #staged(): number {
    return (
      (this.#turnsX ? round64(this.#chunk * this.#imageBytes) : 0) + (this.#turnsY ? round64(this.#chunk * this.#yBytes) : 0)
    );
  }
}
