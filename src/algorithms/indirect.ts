import type { ConvAlgorithm } from './algorithm.js';
import { Frame, TABLE_BYTES } from './frame.js';
import { preparePanels } from './panels.js';

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
    const frame = new Frame(host, p, panels.geometry, () => TABLE_BYTES);
    const { geometry, product, groupPanelBytes } = panels;
    return {
      scratchBytes: frame.scratchBytes,
      run: (x, y, addend, scratch) =>
        frame.run(x, y, addend, scratch, (chunk) =>
          host.exports.convIndirect(
            geometry,
            product,
            groupPanelBytes,
            chunk.image,
            chunk.y,
            chunk.addend,
            0,
            chunk.pixels,
            chunk.scratch,
          ),
        ),
      dispose: panels.dispose,
    };
  },
};
