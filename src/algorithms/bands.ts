import type { ConvProblem } from '../types.js';
import type { Address } from '../wasm/arena.js';
import type { Host } from '../wasm/host.js';

/** Padded input and channels-last output of a band together: they stay in the L2 cache from the padding to the turn (128 to 768 KB are alike; whole images are 1 to 6 % slower). */
const BAND_BYTES = 384 * 1024;

const round64 = (bytes: number) => Math.ceil(bytes / 64) * 64;

/** Output rows [begin, end) of one image. Addresses are those the whole image would have, so that rows and pixels keep their numbers. */
export interface Band {
  readonly image: Address;
  readonly y: Address;
  readonly addend: Address;
  readonly begin: number;
  readonly end: number;
  /** Where the band's padded rows really stand, and how many pixels they are. */
  readonly rows: Address;
  readonly rowPixels: number;
  readonly scratch: Address;
}

/**
 * The door of the channels-last core for large images of up to two axes: pads and turns a band of rows at a time, so that neither the padded image nor
 * the turned result is ever whole in memory.
 */
export class Bands {
  /** Scratch of a run: `extra` bytes for the core, by the padded pixels of a band, come on top. */
  readonly scratchBytes: number;
  readonly #host: Host;
  readonly #geometry: Address;
  readonly #p: ConvProblem;
  readonly #padsX: boolean;
  readonly #turnsY: boolean;
  readonly #rows: number;
  readonly #rowPixels: number;
  readonly #imageBytes: number;
  readonly #yBytes: number;

  /** Bands know one plane: a third axis needs all of its planes at once. */
  static serve(p: ConvProblem): boolean {
    return p.id * p.kd * p.od === 1 && p.pd + p.pdEnd === 0;
  }

  constructor(host: Host, p: ConvProblem, geometry: Address, extra: (paddedPixels: number) => number) {
    this.#host = host;
    this.#geometry = geometry;
    this.#p = p;
    const pads = p.ph + p.pw + p.phEnd + p.pwEnd > 0;
    this.#padsX = pads || (!p.channelsLast && p.ic > 1 && p.ih * p.iw > 1);
    this.#turnsY = !p.channelsLast && p.oc > 1 && p.oh * p.ow > 1;
    this.#rowPixels = p.pw + p.iw + p.pwEnd;
    const perRow = (p.sh * this.#rowPixels * p.ic + (this.#turnsY ? p.ow * p.oc : 0)) * 4;
    const most = this.#padsX || this.#turnsY ? Math.max(1, Math.floor(BAND_BYTES / perRow)) : p.oh;
    // bands of one height, the last one perhaps shorter
    this.#rows = Math.ceil(p.oh / Math.ceil(p.oh / most));
    this.#imageBytes = this.#padsX ? round64(this.#inputRows(this.#rows) * this.#rowPixels * p.ic * 4) : 0;
    this.#yBytes = this.#turnsY ? round64(this.#rows * p.ow * p.oc * 4) : 0;
    this.scratchBytes = this.#imageBytes + this.#yBytes + extra(this.#inputRows(this.#rows) * this.#rowPixels);
  }

  /** Padded rows that so many output rows see. */
  #inputRows(rows: number): number {
    return (rows - 1) * this.#p.sh + (this.#p.kh - 1) * this.#p.dh + 1;
  }

  /** Brings every band of every image through `core`. */
  run(x: Address, y: Address, addend: Address, scratch: Address, core: (band: Band) => void): void {
    const { exports } = this.#host;
    const { n: images, ic, oc, ih, iw, oh, ow, sh } = this.#p;
    const last = scratch + this.#imageBytes;
    const rowBytes = this.#rowPixels * ic * 4;
    const pixels = oh * ow;
    for (let n = 0; n < images; n++) {
      const xHere = x + n * ih * iw * ic * 4;
      const yHere = y + n * pixels * oc * 4;
      const addendHere = addend && addend + n * pixels * oc * 4;
      for (let begin = 0; begin < oh; begin += this.#rows) {
        const end = Math.min(oh, begin + this.#rows);
        const inputRows = this.#inputRows(end - begin);
        if (this.#padsX) exports.padRows(this.#geometry, xHere, scratch, begin * sh, begin * sh + inputRows);
        const image = this.#padsX ? scratch - begin * sh * rowBytes : xHere;
        const turned = last - begin * ow * oc * 4;
        const count = (end - begin) * ow;
        const offset = begin * ow * 4;
        if (this.#turnsY && addend) exports.transpose(last, oc * 4, addendHere + offset, pixels * 4, oc, count);
        core({
          image,
          y: this.#turnsY ? turned : yHere,
          addend: addend && (this.#turnsY ? turned : addendHere),
          begin,
          end,
          rows: image + begin * sh * rowBytes,
          rowPixels: inputRows * this.#rowPixels,
          scratch: last + this.#yBytes,
        });
        if (this.#turnsY) exports.transpose(yHere + offset, pixels * 4, last, oc * 4, count, oc);
      }
    }
  }
}
