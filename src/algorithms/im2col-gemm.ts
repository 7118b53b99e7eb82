import { keepBlock, layOut } from '../wasm/block.js';
import { GEMM_SCRATCH, PRODUCT_BYTES, ROW_BYTES } from '../wasm/boundary.js';
import { Door, throughDoor } from './door.js';
import { preparePanels } from './panels.js';
import type { ConvRow } from './row.js';
import { tileParts, writeTile } from './tile-record.js';

/**
 * Explicit im2col, then GEMM: every window is copied into a row of its own. The plain way, kept as the table's last
 * general row.
 */
export const im2colGemm: ConvRow = {
  name: 'im2col-gemm',
  accuracy: 'high',
  refuses: () => null,
  prepare(host, p, weight, bias) {
    const { arena, exports } = host;
    const panels = preparePanels(host, p, weight, bias);
    const { geometry, segments, segmentCount } = panels;
    const k = segmentCount * panels.k;
    const [icg, ocg] = [p.ic / p.groups, p.oc / p.groups];
    const at = keepBlock(arena, { ...tileParts, products: p.groups * PRODUCT_BYTES });
    const product = (group: number) => at.products + group * PRODUCT_BYTES;
    for (let group = 0; group < p.groups; group++) {
      writeTile(
        host,
        { ...at, product: product(group) },
        {
          ...{ k, n: ocg, clamp: p.clamp, panels: panels.panels + group * panels.groupPanelBytes },
          bias: panels.bias && panels.bias + group * ocg * 4,
        },
      );
    }
    const parts = (pixels: number) => {
      return layOut({ gemm: GEMM_SCRATCH, columns: pixels * k * 4, table: pixels * ROW_BYTES });
    };
    return throughDoor(
      new Door(host, p, geometry, { core: (pixels) => parts(pixels).bytes }),
      ({ image, y, addend, end, scratch }) => {
        const { offsets } = parts(end);
        const columns = scratch + offsets.columns;
        for (let group = 0; group < p.groups; group++) {
          const from = image + group * icg * 4;
          const to = group * ocg * 4;
          exports.im2colNhwc(
            geometry,
            from,
            segments,
            segmentCount,
            panels.k,
            0,
            end,
            columns,
            scratch + offsets.table,
          );
          const rows = [columns, y + to, addend && addend + to, k * 4, p.oc * 4, 0, end] as const;
          exports.gemmRows(product(group), ...rows, scratch);
        }
      },
      () => {
        arena.release(at.block);
        panels.dispose();
      },
    );
  },
};
