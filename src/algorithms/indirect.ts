import { INDIRECT_SCRATCH } from '../wasm/boundary.js';
import { Door, throughDoor } from './door.js';
import { preparePanels } from './panels.js';
import type { ConvRow } from './row.js';

/**
 * How kernels that read windows through a table of pixel addresses want their pieces; smaller images share tiles with
 * their neighbours in the batch.
 */
export const throughTable = { cuts: 'anywhere', bandPixels: 768, core: () => INDIRECT_SCRATCH } as const;

/**
 * The register tile over a padded channels-last image, read in place through pixel addresses: serves every dense or
 * grouped convolution, any kernel, stride and dilation. After the indirect convolution algorithm (Dukhan, 2019).
 */
export const indirect: ConvRow = {
  name: 'indirect',
  accuracy: 'high',
  refuses: () => null,
  prepare(host, p, weight, bias) {
    const { geometry, product, groupPanelBytes, dispose } = preparePanels(host, p, weight, bias);
    return throughDoor(
      new Door(host, p, geometry, throughTable),
      ({ image, y, addend, begin, end, scratch }) =>
        host.exports.convIndirect(geometry, product, groupPanelBytes, image, y, addend, begin, end, scratch),
      dispose,
    );
  },
};
