import type { ConvAlgorithm } from './algorithm.js';
import { Frame, TABLE_BYTES } from './frame.js';
import { preparePanels } from './panels.js';

/** Explicit im2col, then GEMM: every window is copied into a row of its own. The plain way, kept as the table's last general row. */
export const im2colGemm: ConvAlgorithm = {
  name: 'im2col-gemm',
  accuracy: 'high',
  refuses: () => null,
  prepare(host, p, weight, bias) {
    const panels = preparePanels(host, p, weight, bias);
    const k = panels.segmentCount * panels.k;
    const icg = p.ic / p.groups;
    const ocg = p.oc / p.groups;
    const columnBytes = (pixels: number) => Math.ceil((pixels * k * 4) / 64) * 64;
    // behind the columns stand the product of a group, and the row table of all pixels
    const frame = new Frame(host, p, panels.geometry, (pixels) => columnBytes(pixels) + pixels * 8 + TABLE_BYTES);
    return {
      scratchBytes: frame.scratchBytes,
      run: (x, y, addend, scratch) =>
        frame.run(x, y, addend, scratch, ({ image, y: to, addend: from, pixels, scratch: columns }) => {
          const product = columns + columnBytes(pixels);
          const table = product + 64;
          for (let group = 0; group < p.groups; group++) {
            host.exports.im2colNhwc(
              panels.geometry,
              image + group * icg * 4,
              panels.segments,
              panels.segmentCount,
              panels.k,
              0,
              pixels,
              columns,
              table,
            );
            panels.writeProduct(product, {
              k,
              segmentCount: 1,
              panels: panels.panels + group * panels.groupPanelBytes,
              ...(bias && { bias: panels.bias + group * ocg * 4 }),
            });
            const [y, addend] = [to + group * ocg * 4, from && from + group * ocg * 4];
            host.exports.gemmRows(product, columns, y, addend, k * 4, p.oc * 4, 0, pixels, table);
          }
        }),
      dispose: panels.dispose,
    };
  },
};
