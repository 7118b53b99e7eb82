import type { ConvProblem } from '../types.js';
import type { Address } from '../wasm/arena.js';
import { keepBlock, layOut } from '../wasm/block.js';
import { GEMM_SCRATCH, GEOMETRY_BYTES, INDIRECT_SCRATCH, NR, PRODUCT_BYTES } from '../wasm/boundary.js';
import type { Host } from '../wasm/host.js';
import { fill, strides, writeGeometry } from '../wasm/records.js';
import { mayShare, tooFew } from '../wasm/sharing.js';
import { keepWeights } from '../wasm/weights.js';
import { prepareBlank } from './blank.js';
import { Door, throughDoor } from './door.js';
import { type Range, rangesOf } from './ranges.js';
import type { ConvRow } from './row.js';
import { stagedByTap } from './staged.js';
import { panelBytes, tileParts, writeTile } from './tile-record.js';
import { transposedProblem } from './transposed-problem.js';
import { throughWholeDoor, type WholeCore, type WholePiece, type WholeStep } from './whole-door.js';

/** Positions of gradY whose columns are held at once (96 to 768 are alike within 3 %), and the floats they may take. */
const POSITIONS = 192;
const COLUMN_FLOATS = 2 ** 20;

/** Scratch of GEMM, and of tables. */
const KERNELS = Math.max(INDIRECT_SCRATCH, GEMM_SCRATCH);

/** Most floats of columns that threads share, 32 MB. */
const SHARED_FLOATS = 2 ** 23;

/** Positions of gradY whose columns, of so many floats, are held at once. */
const blockOf = (width: number) => Math.max(1, Math.min(POSITIONS, Math.floor(COLUMN_FLOATS / width)));

/** The work on ranges of one problem: cells of gradX, positions of gradY. Steps are in bytes. */
interface Parts {
  /** Writes bias and addend, or zeros. */
  begin(y: Address, addend: Address, begin: number, end: number, scratch: Address): void;
  /** Columns of positions [begin, end) of a group. */
  multiply(image: Address, group: number, range: Range, columns: Address, step: number, scratch: Address): void;
  /** Adds `channels` of them. */
  scatter(columns: Address, step: number, channels: number, y: Address, [begin, end]: readonly [number, number]): void;
  /** Clamps. */
  end(y: Address, begin: number, end: number, scratch: Address): void;
}

/** A step whose units are ranges of every group. */
const ofGroups = (
  groups: number,
  ranges: readonly Range[],
  run: (piece: WholePiece, group: number, range: Range) => void,
): WholeStep => ({
  units: ranges.length * groups,
  run(piece, begin, end) {
    for (let unit = begin; unit < end; unit++) run(piece, unit % groups, ranges[Math.floor(unit / groups)] as Range);
  },
});

/** Positions of gradY in all. */
const positionsOf = (p: ConvProblem) => p.n * p.od * p.oh * p.ow;

/** Floats of all columns. */
const columnsOf = (p: ConvProblem) => positionsOf(p) * p.kd * p.kh * p.kw * p.ic;

/** Few images, which threads share: they make the columns of blocks of positions, then add channels of all columns. */
function inParts({ crew }: Host, p: ConvProblem, parts: Parts): WholeCore {
  const { groups } = p;
  const icg = p.ic / groups;
  const [all, cells] = [positionsOf(p), p.n * p.id * p.ih * p.iw];
  const step = (columnsOf(p) / all) * 4;
  const channels = Math.ceil(p.ic / (2 * (crew?.threads ?? 1)) / NR) * NR;
  return {
    clears: false,
    scratchBytes: KERNELS,
    sharedBytes: step * all,
    steps: [
      { units: 1, run: ({ y, addend, scratch }) => parts.begin(y, addend, 0, cells, scratch) },
      ofGroups(groups, rangesOf(all, POSITIONS), ({ image, scratch, shared }, group, range) =>
        parts.multiply(image, group, range, shared + range[0] * step + (group * step) / groups, step, scratch),
      ),
      ofGroups(groups, rangesOf(icg, channels), ({ y, shared }, group, [from, to]) => {
        const columns = shared + (group * step) / groups + from * 4;
        parts.scatter(columns, step, to - from, y + (group * icg + from) * 4, [0, all]);
      }),
      { units: 1, run: ({ y, scratch }) => parts.end(y, 0, cells, scratch) },
    ],
  };
}

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
    const parts: Parts = {
      begin(y, addend, begin, end, scratch) {
        if (bias || addend) before.run(y, addend, begin, end, scratch);
        else fill(host, y + begin * p.ic * 4, (end - begin) * p.ic, 0);
      },
      multiply(image, group, [begin, end], columns, step, scratch) {
        const a = image + (begin * p.oc + group * ocg) * 4;
        exports.gemmRows(product(group), a, columns, 0, p.oc * 4, step, 0, end - begin, scratch);
      },
      scatter: (columns, step, channels, y, [begin, end]) =>
        exports.col2imNhwc(at.geometry, columns, step, icg, channels, y, begin, end),
      end: (y, begin, end, scratch) => after?.run(y, y, begin, end, scratch),
    };
    const dispose = () => {
      before.dispose();
      after?.dispose();
      packed.dispose();
    };
    if (mayShare && tooFew(host, p.n) && columnsOf(p) <= SHARED_FLOATS)
      return throughWholeDoor(host, back, at.door, inParts(host, p, parts), dispose);
    const block = blockOf(width);
    const layout = (pixels: number) =>
      layOut({ kernels: KERNELS, columns: Math.min(block, (pixels / cells) * positions) * width * 4 });
    const door = new Door(host, back, at.door, { core: (pixels) => layout(pixels).bytes });
    const { offsets } = layout(0);
    return throughDoor(
      door,
      ({ image, y, addend, end: pixels, scratch }) => {
        const columns = scratch + offsets.columns;
        parts.begin(y, addend, 0, pixels, scratch);
        for (const range of rangesOf((pixels / cells) * positions, block)) {
          for (let group = 0; group < p.groups; group++) {
            parts.multiply(image, group, range, columns, width * 4, scratch);
            parts.scatter(columns, width * 4, icg, y + group * icg * 4, range);
          }
        }
        parts.end(y, 0, pixels, scratch);
      },
      dispose,
    );
  },
};
