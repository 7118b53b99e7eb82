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
import type { ConvRow } from './row.js';
import { stagedByTap } from './staged.js';
import { panelBytes, tileParts, writeTile } from './tile-record.js';
import { transposedProblem } from './transposed-problem.js';
import { throughWholeDoor, type WholeCore, type WholeStep } from './whole-door.js';

/** Positions of gradY whose columns are held at once (96 to 768 are alike within 3 %), and the floats they may take. */
const POSITIONS = 192;
const COLUMN_FLOATS = 2 ** 20;

/** Scratch of GEMM, and of tables. */
const KERNELS = Math.max(INDIRECT_SCRATCH, GEMM_SCRATCH);

/** Cells of gradX that are begun and ended together where threads share an image. */
const CELLS = 256;

/** Positions of gradY whose columns, of so many floats, are held at once. */
const blockOf = (width: number) => Math.max(1, Math.min(POSITIONS, Math.floor(COLUMN_FLOATS / width)));

/** The work on ranges of one problem: cells of gradX, positions of gradY. Steps are in bytes. */
interface Parts {
  /** Writes bias and addend, or zeros. */
  begin(y: Address, addend: Address, begin: number, end: number, scratch: Address): void;
  /** Columns of positions [begin, end) of a group. */
  multiply(
    image: Address,
    group: number,
    [begin, end]: readonly [number, number],
    columns: Address,
    step: number,
    scratch: Address,
  ): void;
  /** Adds `channels` of them. */
  scatter(columns: Address, step: number, channels: number, y: Address, [begin, end]: readonly [number, number]): void;
  /** Clamps. */
  end(y: Address, begin: number, end: number, scratch: Address): void;
}

/** The ranges from `begin` on, of at most `size`, in [0, all). */
const rangesOf = (all: number, size: number): (readonly [number, number])[] =>
  Array.from({ length: Math.ceil(all / size) }, (_, i) => [i * size, Math.min(all, (i + 1) * size)]);

/** Few images, which threads share: they make the columns of some blocks of positions, then add channels of them. */
function inParts({ crew }: Host, p: ConvProblem, parts: Parts): WholeCore {
  const { groups } = p;
  const icg = p.ic / groups;
  const taps = p.kd * p.kh * p.kw;
  const step = taps * p.ic * 4;
  const cells = rangesOf(p.n * p.id * p.ih * p.iw, CELLS);
  const block = blockOf(taps * p.ic);
  const ofGroup = Math.ceil((2 * (crew?.threads ?? 1)) / groups);
  const channels = rangesOf(icg, Math.ceil(icg / ofGroup / NR) * NR);
  const blocks = rangesOf(p.n * p.od * p.oh * p.ow, block * ofGroup).flatMap(([first, last]): WholeStep[] => {
    const positions = rangesOf(last - first, block);
    return [
      {
        units: positions.length * groups,
        run({ image, scratch, shared }, begin, end) {
          for (let unit = begin; unit < end; unit++) {
            const group = unit % groups;
            const [from, to] = positions[Math.floor(unit / groups)] as readonly [number, number];
            const columns = shared + from * step + group * taps * icg * 4;
            parts.multiply(image, group, [first + from, first + to], columns, step, scratch);
          }
        },
      },
      {
        units: channels.length * groups,
        run({ y, shared }, begin, end) {
          for (let unit = begin; unit < end; unit++) {
            const group = unit % groups;
            const [from, to] = channels[Math.floor(unit / groups)] as readonly [number, number];
            const columns = shared + (group * taps * icg + from) * 4;
            parts.scatter(columns, step, to - from, y + (group * icg + from) * 4, [first, last]);
          }
        },
      },
    ];
  });
  const overCells = (run: WholeStep['run']): WholeStep => ({
    units: cells.length,
    run(piece, begin, end) {
      for (const [from, to] of cells.slice(begin, end)) run(piece, from, to);
    },
  });
  return {
    clears: false,
    scratchBytes: KERNELS,
    sharedBytes: block * ofGroup * step,
    steps: [
      overCells(({ y, addend, scratch }, begin, end) => parts.begin(y, addend, begin, end, scratch)),
      ...blocks,
      overCells(({ y, scratch }, begin, end) => parts.end(y, begin, end, scratch)),
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
    if (mayShare && tooFew(host, p.n)) return throughWholeDoor(host, back, at.door, inParts(host, p, parts), dispose);
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
