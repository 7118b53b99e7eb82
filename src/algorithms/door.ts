import type { ConvProblem } from '../types.js';
import type { Address } from '../wasm/arena.js';
import { round64 } from '../wasm/block.js';
import { oneStep } from '../wasm/crew.js';
import type { Host } from '../wasm/host.js';
import { partSize } from '../wasm/sharing.js';
import type { DoorOptions, Piece } from './door-options.js';
import { paddedExtents } from './padded.js';
import type { ConvJob } from './row.js';

/**
 * Output pixels worth of images that pass through the core at once: small images share tiles, large ones stay in the
 * cache.
 */
const CHUNK_PIXELS = 768;

/**
 * Bytes of a band, its padded input and its channels-last output together: they stay in the L2 cache from the padding
 * to the turn. (128 to 768 KB are alike; whole images are 1 to 6 % slower.)
 */
const BAND_BYTES = 384 * 1024;

/** Output pixels of a band at least where it is cut for threads: each reads the weights anew. */
const LEAST_PIXELS = 48;

/**
 * Where the core cuts anywhere and threads share pixels that stand as it reads them: pixels of a unit, whole tiles of
 * every height; and of a task, as many as a core reads the weights once for, or fewer, so that every thread has a part.
 */
const UNIT_PIXELS = 12;
const TASK_PIXELS = { least: 24, most: 192 } as const;

/** Whether rows can be told apart: a third axis needs all of its planes at once. */
const hasRows = (p: ConvProblem) => p.id * p.kd * p.od === 1 && p.pd + p.pdEnd === 0;

/**
 * The door of the channels-last core: it pads and turns x, turns y, and does neither where the caller's layout already
 * fits. Its units are images in groups, or bands of rows, so that neither a padded copy nor a turned result of a large
 * image is ever whole in memory.
 */
export class Door {
  /** Pieces of the batch. */
  readonly units: number;
  /** Units that a thread takes at least. */
  readonly least: number;
  /** Scratch of one who runs units, in bytes. */
  readonly bytes: number;
  readonly #host: Host;
  readonly #geometry: Address;
  readonly #p: ConvProblem;
  readonly #stagesX: boolean;
  readonly #turnsY: boolean;
  readonly #yIsResult: boolean;
  /** Output pixels of a unit of images that stand as the core reads them; else 0. */
  readonly #inPlace: number;
  /** Images of a unit; or, for bands, rows of a unit and bands of an image. */
  readonly #images: number;
  readonly #rows: number;
  readonly #bands: number;
  /** Pixels and bytes of a padded image, and of the caller's x and y. */
  readonly #paddedPixels: number;
  readonly #paddedBytes: number;
  readonly #rowPixels: number;
  readonly #xBytes: number;
  readonly #yBytes: number;
  readonly #yAt: number;
  readonly #coreAt: number;

  /** `geometry`: record of the problem. */
  constructor(host: Host, p: ConvProblem, geometry: Address, options: DoorOptions = {}) {
    const { cuts = 'images', bandPixels = 0, chunkPixels = CHUNK_PIXELS, y = 'result' } = options;
    this.#host = host;
    this.#geometry = geometry;
    this.#p = p;
    const padded = paddedExtents(p);
    const [inPixels, pixels] = [p.id * p.ih * p.iw, p.od * p.oh * p.ow];
    this.#rowPixels = padded.iw;
    this.#paddedPixels = padded.id * padded.ih * padded.iw;
    this.#paddedBytes = this.#paddedPixels * p.ic * 4;
    this.#xBytes = inPixels * p.ic * 4;
    this.#yBytes = pixels * p.oc * 4;
    this.#stagesX = this.#paddedPixels !== inPixels || (!p.channelsLast && p.ic > 1 && inPixels > 1);
    this.#turnsY = y !== 'as it stands' && !p.channelsLast && p.oc > 1 && pixels > 1;
    this.#yIsResult = y === 'result';
    const unitPixels = { anywhere: UNIT_PIXELS, rows: p.ow, bands: 0, images: 0 }[cuts];
    this.#inPlace = this.#stagesX || this.#turnsY ? 0 : unitPixels;
    // a few small images would be one unit, which threads cannot share
    const divided = pixels >= bandPixels || this.#partSize(p.n * p.oh, p.oh, 1) < p.oh;
    const inBands = cuts !== 'images' && hasRows(p) && divided && !this.#inPlace;
    this.#rows = inBands ? this.#bandRows() : p.oh;
    this.#bands = inBands ? Math.ceil(p.oh / this.#rows) : 0;
    const together = Math.max(1, Math.min(p.n, Math.ceil(chunkPixels / pixels)));
    this.#images = inBands ? 1 : this.#partSize(p.n, together, 1);
    const unit = this.#inPlace;
    const task = this.#partSize(p.n * pixels, TASK_PIXELS.most, TASK_PIXELS.least);
    this.least = unit && unit < p.ow ? Math.floor(task / unit) : 1;
    this.units = unit ? Math.ceil((p.n * pixels) / unit) : inBands ? p.n * this.#bands : Math.ceil(p.n / this.#images);

    const stagedPixels = this.#images * (inBands ? this.#inputRows(this.#rows) * this.#rowPixels : this.#paddedPixels);
    const most = inBands ? this.#rows * p.ow : this.#images * pixels;
    this.#yAt = this.#stagesX ? round64(stagedPixels * p.ic * 4) : 0;
    this.#coreAt = this.#yAt + (this.#turnsY ? round64(most * p.oc * 4) : 0);
    this.bytes = this.#coreAt + (options.core?.(most, stagedPixels) ?? 0);
  }

  /** Where y is an operand, pieces are parts of a sum, which the problem alone cuts. */
  #partSize(all: number, size: number, least: number): number {
    return this.#yIsResult ? partSize(this.#host, all, size, least) : size;
  }

  /** Padded rows that so many output rows see. */
  #inputRows(rows: number): number {
    return (rows - 1) * this.#p.sh + (this.#p.kh - 1) * this.#p.dh + 1;
  }

  /** Rows of a band: bands of one height, the last one perhaps shorter. */
  #bandRows(): number {
    const p = this.#p;
    const perRow = (p.sh * this.#rowPixels * p.ic + (this.#turnsY ? p.ow * p.oc : 0)) * 4;
    const moved = this.#stagesX || this.#turnsY;
    const rows = moved ? Math.ceil(p.oh / Math.ceil(p.oh / Math.max(1, Math.floor(BAND_BYTES / perRow)))) : p.oh;
    return this.#partSize(p.n * p.oh, rows, Math.ceil(LEAST_PIXELS / p.ow));
  }

  /** Brings units [begin, end) through `core`. `addend`: as in `Piece`. `scratch`: `bytes` of it. */
  run(
    [x, addend, y]: readonly [Address, Address, Address],
    begin: number,
    end: number,
    scratch: Address,
    core: (piece: Piece) => void,
  ): void {
    const { n, od, oh, ow } = this.#p;
    const unit = this.#inPlace;
    if (unit) {
      const [stagedPixels, last] = [n * this.#paddedPixels, Math.min(end * unit, n * od * oh * ow)];
      if (begin < end) core({ image: x, y, addend, begin: begin * unit, end: last, staged: x, stagedPixels, scratch });
      return;
    }
    for (let unit = begin; unit < end; unit++) this.#piece(unit, x, addend, y, scratch, core);
  }

  #piece(unit: number, x: Address, addend: Address, y: Address, scratch: Address, core: (piece: Piece) => void): void {
    const { exports } = this.#host;
    const { n: all, ic, oc, od, oh, ow, sh, yPlane = od * oh * ow } = this.#p;
    const banded = this.#bands > 0;
    const n = banded ? Math.floor(unit / this.#bands) : unit * this.#images;
    const count = Math.min(this.#images, all - n);
    const first = banded ? (unit % this.#bands) * this.#rows : 0;
    const rows = Math.min(this.#rows, oh - first);
    const inputRows = this.#inputRows(rows);
    /** Of one image of the piece. */
    const [pixels, stagedPixels] = banded
      ? [rows * ow, inputRows * this.#rowPixels]
      : [od * oh * ow, this.#paddedPixels];
    const skipped = first * sh * this.#rowPixels * ic * 4;
    const [xHere, yHere] = [x + n * this.#xBytes, y + n * this.#yBytes];
    const addendHere = addend && addend + n * this.#yBytes;
    const last = scratch + this.#yAt;
    for (let i = 0; this.#stagesX && i < count; i++) {
      const to = scratch + i * this.#paddedBytes;
      if (banded) exports.padRows(this.#geometry, xHere, to, first * sh, first * sh + inputRows);
      else exports.padImage(this.#geometry, xHere + i * this.#xBytes, to);
    }
    const image = this.#stagesX ? scratch - skipped : xHere;
    const turned = last - first * ow * oc * 4;
    /** Turns the piece, into channels last or back. */
    const turn = (planes: Address, back: boolean) => {
      for (let i = 0; i < count; i++) {
        const [outer, inner] = [planes + i * this.#yBytes + first * ow * 4, last + i * this.#yBytes];
        if (back) exports.transpose(outer, yPlane * 4, inner, oc * 4, pixels, oc);
        else exports.transpose(inner, oc * 4, outer, yPlane * 4, oc, pixels);
      }
    };
    if (this.#turnsY && !this.#yIsResult) turn(yHere, false);
    else if (this.#turnsY && addend) turn(addendHere, false);
    core({
      image,
      y: this.#turnsY ? turned : yHere,
      addend: addend && (this.#turnsY ? turned : addendHere),
      begin: first * ow,
      end: first * ow + count * pixels,
      staged: image + skipped,
      stagedPixels: count * stagedPixels,
      scratch: scratch + this.#coreAt,
    });
    if (this.#turnsY && this.#yIsResult) turn(yHere, true);
  }
}

/** A convolution through the door. */
export function throughDoor(door: Door, core: (piece: Piece) => void, dispose: () => void): ConvJob {
  return oneStep({
    ownBytes: door.bytes,
    units: door.units,
    least: door.least,
    run: (operands, begin, end, own) => door.run(operands, begin, end, own, core),
    dispose,
  });
}
