import type { ConvProblem } from '../types.js';
import type { Address } from '../wasm/arena.js';
import { round64 } from '../wasm/block.js';
import type { Host } from '../wasm/host.js';
import { fill } from '../wasm/records.js';
import type { Piece } from './door-options.js';
import { paddedExtents } from './padded.js';
import type { ConvJob } from './row.js';

/** Pixels of y that are moved together. */
const UNIT_PIXELS = 256;

/** What runs on a whole batch that stands as it reads it. */
export interface WholeCore {
  /** Parts that do not depend on each other. */
  readonly units: number;
  /** Scratch of one who runs units, in bytes. */
  readonly scratchBytes: number;
  /** Wants y cleared where there is no addend. */
  readonly clears: boolean;
  run(piece: Pick<Piece, 'image' | 'y' | 'addend' | 'scratch'>, begin: number, end: number): void;
}

/**
 * The door for images that are too few to be shared: a step for each of its ways, which threads share row by row, and
 * the core in between has units of its own. `geometry`: record of the problem.
 */
export function throughWholeDoor(
  host: Host,
  p: ConvProblem,
  geometry: Address,
  core: WholeCore,
  dispose: () => void,
): ConvJob {
  const { exports } = host;
  const padded = paddedExtents(p);
  const [inPixels, pixels, rows] = [p.id * p.ih * p.iw, p.od * p.oh * p.ow, padded.id * padded.ih];
  const stagesX = rows * padded.iw !== inPixels || (!p.channelsLast && p.ic > 1 && inPixels > 1);
  const turnsY = !p.channelsLast && p.oc > 1 && pixels > 1;
  const xBytes = p.ic * inPixels * 4;
  const rowBytes = padded.iw * p.ic * 4;
  const yAt = stagesX ? round64(p.n * rows * rowBytes) : 0;
  const each = Math.ceil(pixels / UNIT_PIXELS);

  /** Units [begin, end) of y: their places, channels first and last, and their pixels. */
  const overPixels = (
    [begin, end]: readonly [number, number],
    [first, last]: readonly [Address, Address],
    move: (first: Address, last: Address, count: number) => void,
  ) => {
    for (let unit = begin; unit < end; unit++) {
      const n = Math.floor(unit / each);
      const from = (unit - n * each) * UNIT_PIXELS;
      const image = n * pixels * p.oc * 4;
      move(first + image + from * 4, last + image + from * p.oc * 4, Math.min(UNIT_PIXELS, pixels - from));
    }
  };
  const stage: ConvJob['steps'][number] = {
    units: p.n * rows,
    run([x], begin, end, _own, shared) {
      for (let row = begin; row < end; ) {
        const n = Math.floor(row / rows);
        const next = Math.min(end, (n + 1) * rows);
        exports.padRows(geometry, x + n * xBytes, shared + row * rowBytes, row - n * rows, next - n * rows);
        row = next;
      }
    },
  };
  const before: ConvJob['steps'][number] = {
    units: p.n * each,
    run([, addend, y], begin, end, _own, shared) {
      const to = turnsY ? shared + yAt : y;
      overPixels([begin, end], [addend, to], (first, last, count) => {
        if (!addend && core.clears) fill(host, last, count * p.oc, 0);
        if (addend && turnsY) exports.transpose(last, p.oc * 4, first, pixels * 4, p.oc, count);
      });
    },
  };
  const compute: ConvJob['steps'][number] = {
    units: core.units,
    run([x, addend, y], begin, end, scratch, shared) {
      const to = turnsY ? shared + yAt : y;
      const piece = { image: stagesX ? shared : x, y: to, addend: addend && (turnsY ? to : addend), scratch };
      core.run(piece, begin, end);
    },
  };
  const after: ConvJob['steps'][number] = {
    units: p.n * each,
    run([, , y], begin, end, _own, shared) {
      overPixels([begin, end], [y, shared + yAt], (first, last, count) =>
        exports.transpose(first, pixels * 4, last, p.oc * 4, count, p.oc),
      );
    },
  };
  return {
    ownBytes: core.scratchBytes,
    sharedBytes: yAt + (turnsY ? p.n * pixels * p.oc * 4 : 0),
    steps: [
      ...(stagesX ? [stage] : []),
      ...(turnsY || core.clears ? [before] : []),
      compute,
      ...(turnsY ? [after] : []),
    ],
    dispose,
  };
}
