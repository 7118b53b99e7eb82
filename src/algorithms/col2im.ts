import { keepBlock } from '../wasm/block.js';
import { recordBytes, strides, writeGeometry, writeRecord } from '../wasm/records.js';
import { prepareBlank } from './blank.js';
import { Frame, TABLE_BYTES } from './frame.js';
import { type InputGradAlgorithm, turned } from './input-grad.js';
import { stagedByTap } from './staged.js';

/** Columns in a panel. */
const NR = 8;

/** Positions of gradY whose columns are held at once (96 to 768 are alike within 3 %), and the floats they may take. */
const POSITIONS = 192;
const COLUMN_FLOATS = 2 ** 20;

const round64 = (bytes: number) => Math.ceil(bytes / 64) * 64;

/** GEMM, then scatter: every position of gradY becomes the window it came from, and the windows are added into gradX. */
export const col2im: InputGradAlgorithm = {
  name: 'col2im',
  accuracy: 'high',
  refuses: () => null,
  prepare(host, p, weight, bias, clamp) {
    const { arena, exports } = host;
    const icg = p.ic / p.groups;
    const ocg = p.oc / p.groups;
    const width = p.kd * p.kh * p.kw * icg;
    const block = Math.max(1, Math.min(POSITIONS, Math.floor(COLUMN_FLOATS / width)));
    const groupPanelBytes = Math.ceil(width / NR) * ocg * NR * 4;
    const back = turned(p, [-Infinity, Infinity]);
    const core = strides(true, p.ic, p.id, p.ih, p.iw);
    const positions = p.od * p.oh * p.ow;
    const cells = p.id * p.ih * p.iw;
    const at = keepBlock(arena, {
      geometry: recordBytes('geometry'),
      door: recordBytes('geometry'),
      products: p.groups * recordBytes('product'),
      zeros: NR * 4,
      panels: p.groups * groupPanelBytes,
    });
    const started: { dispose(): void }[] = [{ dispose: () => arena.release(at.block) }];
    const dispose = () => {
      for (const part of started.splice(0)) part.dispose();
    };
    const start = <T extends { dispose(): void }>(part: T): T => {
      started.push(part);
      return part;
    };
    try {
      // a column is the window, tap by tap; a turned kernel is left to the scatter
      stagedByTap(host, p, weight, (from, order) => {
        for (let group = 0; group < p.groups; group++) {
          const to = at.panels + group * groupPanelBytes;
          exports.packPanels(to, ocg * NR * 4, from + group * order.group * 4, ocg, width, order.k * 4, order.n * 4, 1);
          writeRecord(host, 'product', at.products + group * recordBytes('product'), {
            ...{ k: ocg, segmentCount: 1, segments: at.zeros, n: width, mr: host.mr, zeros: at.zeros, bias: at.zeros },
            ...{ panels: to, lo: -Infinity, hi: Infinity },
          });
        }
      });
      arena.f32(at.zeros, NR).fill(0);
      writeGeometry(host, at.geometry, { ...p, channelsLast: true });
      writeGeometry(host, at.door, back);
      const before = start(prepareBlank(host, back, bias, core));
      const clamped = clamp[0] > -Infinity || clamp[1] < Infinity;
      const after = clamped ? start(prepareBlank(host, { ...back, clamp }, undefined, core)) : undefined;
      const frame = new Frame(host, back, at.door, (pixels) => {
        return round64(Math.min(block, (pixels / cells) * positions) * width * 4) + TABLE_BYTES;
      });
      return {
        scratchBytes: frame.scratchBytes,
        run: (gradY, gradX, addend, scratch) =>
          frame.run(gradY, gradX, addend, scratch, (chunk) => {
            const all = (chunk.pixels / cells) * positions;
            const table = chunk.scratch;
            const columns = chunk.scratch + TABLE_BYTES;
            if (bias || chunk.addend) before.run(chunk.y, chunk.addend, chunk.pixels, table);
            else arena.f32(chunk.y, chunk.pixels * p.ic).fill(0);
            for (let begin = 0; begin < all; begin += block) {
              const end = Math.min(all, begin + block);
              for (let group = 0; group < p.groups; group++) {
                const product = at.products + group * recordBytes('product');
                const rows = chunk.image + (begin * p.oc + group * ocg) * 4;
                exports.gemmRows(product, rows, columns, 0, p.oc * 4, width * 4, 0, end - begin, table);
                exports.col2imNhwc(at.geometry, columns, width * 4, icg, chunk.y + group * icg * 4, begin, end);
              }
            }
            after?.run(chunk.y, chunk.y, chunk.pixels, table);
          }),
        dispose,
      };
    } catch (error) {
      dispose();
      throw error;
    }
  },
};
