import { layOut, placed } from '../wasm/block.js';
import { Door, throughDoor } from './door.js';
import { preparePanels } from './panels.js';
import type { ConvRow } from './row.js';
import { INDIRECT_SCRATCH } from './scratch.js';
import { tileParts, writeTile } from './tile-record.js';

/** Explicit im2col, then GEMM: every window is copied into a row of its own. The plain way, kept as the table's last general row. */
export const im2colGemm: ConvRow = {
  name: 'im2col-gemm',
  accuracy: 'high',
  refuses: () => null,
  prepare(host, p, weight, bias) {
    const { exports } = host;
    const panels = preparePanels(host, p, weight, bias);
    const { geometry, segments, segmentCount } = panels;
    const k = segmentCount * panels.k;
    const [icg, ocg] = [p.ic / p.groups, p.oc / p.groups];
    const parts = (pixels: number) => layOut({ ...tileParts, columns: pixels * k * 4, table: INDIRECT_SCRATCH + pixels * 8 });
    const door = new Door(host, p, geometry, { core: (pixels) => parts(pixels).bytes });
    return throughDoor(
      door,
      ({ image, y, addend, end, scratch }) => {
        const at = placed(parts(end).offsets, scratch);
        for (let group = 0; group < p.groups; group++) {
          const from = image + group * icg * 4;
          const to = group * ocg * 4;
          exports.gatherColumns(geometry, from, segments, segmentCount, panels.k, 0, end, at.columns, at.table);
          writeTile(host, at, {
            ...{ k, n: ocg, a: at.columns, c: y + to, addend: addend && addend + to, clamp: p.clamp },
            ...{ panels: panels.panels + group * panels.groupPanelBytes, bias: panels.bias && panels.bias + to },
          });
          exports.gemmRows(at.product, k * 4, p.oc * 4, 0, end, at.table);
        }
      },
      panels.dispose,
    );
  },
};
