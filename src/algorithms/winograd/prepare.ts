import type { ConvProblem } from '../../types.js';
import type { Address } from '../../wasm/arena.js';
import { keepBlock, layOut } from '../../wasm/block.js';
import {
  AXIS,
  AXIS_BYTES,
  GEOMETRY_BYTES,
  NR,
  PASS,
  PASS_BYTES,
  ROW_BYTES,
  TRANSFORM_BYTES,
  WINOGRAD,
  WINOGRAD_BYTES,
} from '../../wasm/boundary.js';
import { oneStep } from '../../wasm/crew.js';
import type { Host } from '../../wasm/host.js';
import { type Strides, strides, writeGeometry, writeRecord } from '../../wasm/records.js';
import { mayShare, tooFew } from '../../wasm/sharing.js';
import { keepWeights } from '../../wasm/weights.js';
import type { ConvJob } from '../row.js';
import { staged } from '../staged.js';
import { tileParts, writeTile } from '../tile-record.js';
import { type Core, door, LEAST_ROWS } from './door.js';
import { type ChannelPart, channelParts, weightsOfPart } from './parts.js';
import { passesOf, slicesOf } from './passes.js';
import type { Points } from './points.js';
import { LINE, normal, type Tiling, tiling } from './tiling.js';
import { touches } from './touches.js';
import { packTaps, transformWeights } from './weights.js';

/** Places in the scratch of the core, and its size. */
const scratchOf = (p: ConvProblem, { grid: { pointCount, x }, weights, block, panels }: Tiling) =>
  layOut({
    transforms: TRANSFORM_BYTES,
    patchAt: pointCount * p.ic * 4,
    tableAt: p.od * block.blockTiles * ROW_BYTES,
    vAt: pointCount * block.vPoint,
    mAt: pointCount * panels.mPoint,
    // none, all of it, or a row of points
    uAt: [0, pointCount, x.points][weights.makesU] * panels.uPoint,
  });

/** A problem bound to its weights. */
export interface WinogradTiles {
  /** Scratch of a run of an input that stands channels last, in bytes. */
  readonly scratchBytes: number;
  /** Tiles of an image, and of a part that is worth it. */
  readonly units: number;
  readonly least: number;
  /** Tiles of a channels-last input, numbered image by image. */
  readonly run: Core;
  dispose(): void;
}

/**
 * Binds a problem that is transformed by `points` to its weights. `y`: strides of the result, if they are not those of
 * the caller's layout.
 */
export function prepareTiles(
  host: Host,
  problem: ConvProblem,
  points: Points,
  weight: Float32Array,
  bias: Float32Array | undefined,
  y?: Strides,
): WinogradTiles {
  const { core, tiles, scratchBytes, dispose } = bind(host, problem, points, weight, bias, y);
  return { scratchBytes, units: tiles, least: LEAST_ROWS, run: core, dispose };
}

/** The same as a job, through the door. */
export function prepareWinograd(
  host: Host,
  problem: ConvProblem,
  points: Points,
  weight: Float32Array,
  bias: Float32Array | undefined,
): ConvJob {
  if (mayShare) {
    const p = normal(problem);
    const { units } = door(host, p, tiling(p, points));
    const parts = channelParts(host, problem, points, units);
    if (parts.length > 1) return inChannels(host, problem, points, parts, weight, bias);
  }
  const { entrance, core, coreOf, held, scratchBytes, dispose } = bind(
    host,
    problem,
    points,
    weight,
    bias,
    undefined,
    true,
  );
  /** All of U, where it is held, is made once by all threads instead of once by each. */
  const shares = mayShare && held.bytes > 0 && tooFew(host, 1);
  return {
    ownBytes: entrance.bytes + scratchBytes,
    sharedBytes: shares ? held.bytes : 0,
    steps: [
      ...(shares ? [held.step] : []),
      {
        units: entrance.units,
        run: (operands, begin, end, own, u) => entrance.run(operands, begin, end, own, shares ? coreOf(u) : core),
      },
    ],
    dispose,
  };
}

/** One image whose output channels threads share: each part is a convolution of its own, into its place in y. */
function inChannels(
  host: Host,
  p: ConvProblem,
  points: Points,
  parts: readonly ChannelPart[],
  weight: Float32Array,
  bias: Float32Array | undefined,
): ConvJob {
  const y = strides(p.channelsLast, p.oc, p.od, p.oh, p.ow);
  const bound = parts.map((part) => {
    const { problem, first } = part;
    const biases = bias?.subarray(first, first + problem.oc);
    return { ...bind(host, problem, points, weightsOfPart(p, part, weight), biases, y), at: first * y.c * 4 };
  });
  return oneStep({
    ownBytes: Math.max(...bound.map(({ entrance, scratchBytes }) => entrance.bytes + scratchBytes)),
    units: parts.length,
    run([x, addend, to], begin, end, own) {
      for (const { entrance, core, at } of bound.slice(begin, end)) {
        entrance.run([x, addend && addend + at, to + at], 0, entrance.units, own, core);
      }
    },
    dispose() {
      for (const { dispose } of bound) dispose();
    },
  });
}

function bind(
  host: Host,
  problem: ConvProblem,
  points: Points,
  weight: Float32Array,
  bias: Float32Array | undefined,
  y?: Strides,
  turnsY = false,
) {
  const p = normal(problem);
  const { arena, exports } = host;
  const t = tiling(p, points);
  const { grid, weights, block, panels } = t;
  const entrance = door(host, p, t, turnsY);
  const own = scratchOf(p, t);
  const slices = slicesOf(p, t);
  const passes = passesOf(p, t, slices);
  const at = keepBlock(arena, {
    geometry: GEOMETRY_BYTES,
    record: WINOGRAD_BYTES,
    y: AXIS_BYTES,
    x: AXIS_BYTES,
    passes: passes.length * PASS_BYTES,
    ...tileParts,
    segments: slices.offsets.length * 4,
    // a group's last panel reads eight columns of bias
    bias: (p.oc + NR) * 4,
  });
  // a line along w has become one along h
  writeGeometry(host, at.geometry, p, entrance.y ?? (y && p.kh > problem.kh ? { ...y, h: y.w } : y), entrance.x);
  writeRecord(host, AXIS, at.y, grid.y);
  writeRecord(host, AXIS, at.x, grid.x);
  let passesEnd = at.passes;
  for (const pass of passes) {
    writeRecord(host, PASS, passesEnd, { ...pass, segments: at.segments + pass.segments });
    passesEnd += PASS_BYTES;
  }
  const places = { ...own.offsets, y: at.y, x: at.x, passes: at.passes, passesEnd };
  const touched = touches(p, grid, y ? y.c === 1 : p.channelsLast);
  writeRecord(host, WINOGRAD, at.record, { ...places, ...touched }, { ...grid, ...weights, ...block, ...panels });
  const bytes = weights.makesU ? p.groups * weights.weightGroup : grid.pointCount * panels.uPoint;
  const packed = keepWeights(arena, at.block, bytes, (to) => {
    if (weights.makesU) staged(host, weight, (from) => packTaps(host, p, t, from, to));
    else {
      transformWeights(host, p, grid, weight, { ...at, panels: to });
      // what lies between the points: blocks that are packed alike hold the same bytes
      for (let end = to + panels.uPoint; end <= to + bytes; end += panels.uPoint)
        arena.f32(end - LINE, LINE / 4).fill(0);
    }
  });
  arena.i32(at.segments, slices.offsets.length).set(slices.offsets);
  arena.f32(at.bias, p.oc + NR).fill(0);
  if (bias) arena.f32(at.bias, p.oc).set(bias);
  writeTile(host, at, { k: 0, n: 0, panels: packed.at, bias: at.bias });
  const coreOf =
    (u: Address): Core =>
    (image, to, from, begin, end, rest) =>
      exports.convWinograd(at.record, at.geometry, at.product, image, to, from, begin, end, u, rest);
  /** Bytes of all of U where it is held, and what makes it. */
  const held = {
    bytes: weights.makesU === 1 ? grid.pointCount * panels.uPoint : 0,
    step: {
      units: weights.octets,
      run: (_operands: unknown, begin: number, end: number, own: Address, u: Address) =>
        exports.winogradHeld(at.record, at.product, u, begin, end, own),
    },
  };
  return {
    ...{ entrance, core: coreOf(0), coreOf, scratchBytes: own.bytes, tiles: grid.y.tiles * grid.x.tiles },
    held,
    dispose: packed.dispose,
  };
}
