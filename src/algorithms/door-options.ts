import type { Address } from '../wasm/arena.js';

/**
 * What a core sees of a piece of the batch: channels last and padded. Addresses are those of whole images, so that
 * pixels keep their numbers.
 */
export interface Piece {
  readonly image: Address;
  readonly y: Address;
  /** Laid out as y; 0 for none. */
  readonly addend: Address;
  /** Output pixels [begin, end), numbered image by image from `image` and `y` on. */
  readonly begin: number;
  readonly end: number;
  /** Where the padded pixels of the piece stand, and their number. */
  readonly staged: Address;
  readonly stagedPixels: number;
  /** Scratch of the core. */
  readonly scratch: Address;
}

/** How a core wants its pieces. */
export interface DoorOptions {
  /**
   * `anywhere`: any range of output pixels, or `rows`: of output rows, so that images that stand as the core reads them
   * need no pieces. `bands`: rows of one image, or images. `images` (default): whole images.
   */
  readonly cuts?: 'anywhere' | 'rows' | 'bands' | 'images';
  /**
   * Output pixels from which an image passes in bands; smaller ones share tiles with their neighbours in the batch.
   * Default 0.
   */
  readonly bandPixels?: number;
  /** Output pixels worth of images at once; default CHUNK_PIXELS. */
  readonly chunkPixels?: number;
  /**
   * `result` (default): turned back afterwards. `operand`: turned before, as x is. `as it stands`: an operand in the
   * caller's layout.
   */
  readonly y?: 'result' | 'operand' | 'as it stands';
  /** Scratch of the core in bytes, for a piece of so many output pixels and padded input pixels. */
  core?(pixels: number, stagedPixels: number): number;
}
