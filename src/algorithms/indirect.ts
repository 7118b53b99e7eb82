import type { ConvProblem } from '../types.js';
import type { Address } from '../wasm/arena.js';
import type { Host } from '../wasm/host.js';
import type { ConvAlgorithm, ConvKernel } from './algorithm.js';
import { Bands } from './bands.js';
import { Frame, TABLE_BYTES } from './frame.js';
import { preparePanels } from './panels.js';

/** Output pixels from which an image passes in bands of rows; smaller ones share tiles with their neighbours in the batch. */
const BAND_PIXELS = 768;

/** Output pixels [begin, end) of a padded channels-last image, into a channels-last result. `table`: TABLE_BYTES. */
type Convolve = (image: Address, y: Address, addend: Address, begin: number, end: number, table: Address) => void;

/** A kernel over padded channels-last images behind the door that fits the problem. */
export function throughDoor(host: Host, p: ConvProblem, geometry: Address, dispose: () => void, convolve: Convolve): ConvKernel {
  if (Bands.serve(p) && p.oh * p.ow >= BAND_PIXELS) {
    const bands = new Bands(host, p, geometry, () => TABLE_BYTES);
    return {
      scratchBytes: bands.scratchBytes,
      run: (x, y, addend, scratch) =>
        bands.run(x, y, addend, scratch, (band) =>
          convolve(band.image, band.y, band.addend, band.begin * p.ow, band.end * p.ow, band.scratch),
        ),
      dispose,
    };
  }
  const frame = new Frame(host, p, geometry, () => TABLE_BYTES);
  return {
    scratchBytes: frame.scratchBytes,
    run: (x, y, addend, scratch) =>
      frame.run(x, y, addend, scratch, (chunk) => convolve(chunk.image, chunk.y, chunk.addend, 0, chunk.pixels, chunk.scratch)),
    dispose,
  };
}

/**
 * The register tile over a padded channels-last image, read in place through pixel addresses: serves every dense or grouped convolution, any
 * kernel, stride and dilation. After the indirect convolution algorithm (Dukhan, 2019).
 */
export const indirect: ConvAlgorithm = {
  name: 'indirect',
  accuracy: 'high',
  refuses: () => null,
  prepare(host, p, weight, bias) {
    const panels = preparePanels(host, p, weight, bias);
    const { geometry, product, groupPanelBytes } = panels;
    return throughDoor(host, p, geometry, panels.dispose, (...operands) =>
      host.exports.convIndirect(geometry, product, groupPanelBytes, ...operands),
    );
  },
};
