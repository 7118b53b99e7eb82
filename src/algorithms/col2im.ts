import { keepBlock, layOut } from '../wasm/block.js';
import { GEMM_SCRATCH, GEOMETRY_BYTES, INDIRECT_SCRATCH, NR, PRODUCT_BYTES } from '../wasm/boundary.js';
import { fill, strides, writeGeometry } from '../wasm/records.js';
import { keepWeights } from '../wasm/weights.js';
import { prepareBlank } from './blank.js';
import { Door, throughDoor } from './door.js';
import type { ConvRow } from './row.js';
import { stagedByTap } from './staged.js';
import { panelBytes, tileParts, writeTile } from './tile-record.js';
import { transposedProblem } from './transposed-problem.js';

/** Positions of gradY whose columns are held at once (96 to 768 are alike within 3 %), and the floats they may take. */
const POSITIONS = 192;
const COLUMN_FLOATS = 2 ** 20;

/**
 * GEMM, then scatter: every position of gradY becomes the window it came from, and the windows are added into gradX.
 */
export const col2im: ConvRow = {
  name: 'col2im',
  accuracy: 'high',
  refuses: () => null,
  prepare(host, p, weight, bias) {
    const { arena, exports } = host;
    const [icg, ocg] = [p.ic / p.groups, p.oc / p.groups];
    const width = p.kd * p.kh * p.kw * icg;
    const block = Math.max(1, Math.min(POSITIONS, Math.floor(COLUMN_FLOATS / width)));
    const groupPanelBytes = panelBytes(width, ocg);
    const back = transposedProblem(p);
    const core = strides(true, p.ic, p.id, p.ih, p.iw);
    const [positions, cells] = [p.od * p.oh * p.ow, p.id * p.ih * p.iw];
    const geometry = GEOMETRY_BYTES;
    const at = keepBlock(arena, { ...tileParts, geometry, door: geometry, products: p.groups * PRODUCT_BYTES });
    const product = (group: number) => at.products + group * PRODUCT_BYTES;
    // a column is the window, tap by tap; a flipped kernel is left to the scatter
    const packed = keepWeights(arena, at.block, p.groups * groupPanelBytes, (panels) =>
      stagedByTap(host, p, weight, (from, order) => {
        for (let group = 0; group < p.groups; group++) {
          const to = panels + group * groupPanelBytes;
          const first = from + group * order.group * 4;
          exports.packPanels(to, ocg * NR * 4, first, ocg, width, order.k * 4, order.n * 4, 1);
        }
      }),
    );
    for (let group = 0; group < p.groups; group++) {
      const panels = packed.at + group * groupPanelBytes;
      writeTile(host, { ...at, product: product(group) }, { k: ocg, n: width, panels });
    }
    writeGeometry(host, at.geometry, { ...p, channelsLast: true });
    writeGeometry(host, at.door, back);
    const unbounded = { ...back, clamp: [-Infinity, Infinity] } as const;
    const before = prepareBlank(host, unbounded, bias, core);
    const clamped = p.clamp[0] > -Infinity || p.clamp[1] < Infinity;
    const after = clamped ? prepareBlank(host, back, undefined, core) : undefined;
    const parts = (pixels: number) => {
      const columns = Math.min(block, (pixels / cells) * positions) * width * 4;
      return layOut({ kernels: Math.max(INDIRECT_SCRATCH, GEMM_SCRATCH), columns });
    };
    const door = new Door(host, back, at.door, { core: (pixels) => parts(pixels).bytes });
    const { offsets } = parts(0);
    return throughDoor(
      door,
      ({ image, y, addend, end: pixels, scratch }) => {
        const columns = scratch + offsets.columns;
        const all = (pixels / cells) * positions;
        if (bias || addend) before.run(y, addend, 0, pixels, scratch);
        else fill(host, y, pixels * p.ic, 0);
        for (let begin = 0; begin < all; begin += block) {
          const end = Math.min(all, begin + block);
          for (let group = 0; group < p.groups; group++) {
            const a = image + (begin * p.oc + group * ocg) * 4;
            exports.gemmRows(product(group), a, columns, 0, p.oc * 4, width * 4, 0, end - begin, scratch);
            exports.col2imNhwc(at.geometry, columns, width * 4, icg, y + group * icg * 4, begin, end);
          }
        }
        after?.run(y, y, 0, pixels, scratch);
      },
      () => {
        before.dispose();
        after?.dispose();
        packed.dispose();
      },
    );
  },
};
