import type { ConvProblem } from '../types.js';
import { keepBlock } from '../wasm/block.js';
import { FEW_OUTPUTS_SCRATCH, GEOMETRY_BYTES, NR } from '../wasm/boundary.js';
import { strides, writeGeometry } from '../wasm/records.js';
import { keepWeights } from '../wasm/weights.js';
import { Door, throughDoor } from './door.js';
import { throughTable } from './indirect.js';
import { weightOrder, windowSegments } from './panels.js';
import type { ConvRow } from './row.js';
import { tileParts, wholePanels, writeTile } from './tile-record.js';
import { winograd } from './winograd/rows.js';

/**
 * Time relative to the tile's, whose lanes come in eights: 0.2, 0.3, 0.45 and 0.55 for one to four outputs
 * (ic64ih56iw56_oc1kh3kw3_ph1pw1 and so on), 0.72 to 0.9 for six, 0.92 to 1.04 for seven, 0.72 to 0.88 for twelve, 1.05
 * to 1.2 where all lanes are full.
 */
const relativeCost = ({ oc }: ConvProblem): number => (0.05 + 0.13 * oc) / Math.ceil(oc / NR);

/** What is won must outweigh that spread: 1 to 6 outputs, 9 to 12, 17 and 18, 25. */
const WORTHWHILE = 0.835;

/** The time of Winograd, where it may serve. */
const winogradCost = (p: ConvProblem): number =>
  p.accuracy === 'high'
    ? Infinity
    : Math.min(...winograd.map((row) => (row.refuses(p) === null ? (row.relativeCost?.(p) ?? 1) : Infinity)));

/**
 * Most outputs for any length of sums; with more, sums shorter than this end too often (1x1/2 16-12: 1.25 times the
 * tile's time, 2x2 16-12 0.93 times).
 */
const FEW = 4;
const LEAST_DEPTH = 128;

/** Weights as [pairs of outputs][k / 4][2][4], the last pair perhaps of one. */
function pairs(p: ConvProblem, weight: Float32Array): Float32Array {
  const { k, n, taps } = weightOrder(p);
  const depth = taps.length * p.ic;
  const packed = new Float32Array(p.oc * depth);
  for (let o = 0; o < p.oc; o++) {
    const width = Math.min(2, p.oc - (o & ~1));
    for (let i = 0; i < depth; i++) {
      const to = (o & ~1) * depth + (i >> 2) * 4 * width + (o & 1) * 4 + (i & 3);
      packed[to] = weight[taps[Math.floor(i / p.ic)] + (i % p.ic) * k + o * n];
    }
  }
  return packed;
}

/** Lanes are input channels: where outputs are too few to fill the register tile. */
export const fewOutputs: ConvRow = {
  name: 'few-outputs',
  accuracy: 'high',
  refuses(p) {
    if (p.groups > 1) return `${p.groups} groups`;
    const { k } = windowSegments(p);
    if (k % 4 !== 0 || k === 0) return `runs of ${k} floats, not of a multiple of 4`;
    return null;
  },
  declines(p) {
    const cost = relativeCost(p);
    if (cost > WORTHWHILE) return `${p.oc} outputs fill the lanes`;
    if (p.oc > FEW && p.kd * p.kh * p.kw * p.ic < LEAST_DEPTH)
      return `sums of ${p.kd * p.kh * p.kw * p.ic} products are short`;
    if (winogradCost(p) < cost) return 'Winograd takes less time';
    // one tap is read once: turning it costs more than empty lanes
    if (!p.channelsLast && p.kd * p.kh * p.kw === 1) return 'a single tap with channels first';
    return null;
  },
  relativeCost,
  prepare(host, p, weight, bias) {
    const { arena, exports } = host;
    const { offsets, k } = windowSegments(p);
    const packed = pairs(p, weight);
    const at = keepBlock(arena, {
      ...tileParts,
      // passes after the first one read zeros for the bias
      zeros: wholePanels(p.oc) * 4,
      geometry: GEOMETRY_BYTES,
      segments: offsets.length * 4,
      bias: p.oc * 4,
    });
    writeGeometry(host, at.geometry, p, strides(true, p.oc, p.od, p.oh, p.ow));
    arena.f32(at.zeros, wholePanels(p.oc)).fill(0);
    arena.i32(at.segments, offsets.length).set(offsets);
    const kept = keepWeights(arena, at.block, packed.length * 4, (to) => arena.f32(to, packed.length).set(packed));
    const biases = arena.f32(at.bias, p.oc);
    biases.fill(0);
    if (bias) biases.set(bias);
    const { segments, geometry, product } = at;
    const panels = kept.at;
    writeTile(host, at, { k, n: p.oc, segmentCount: offsets.length, segments, panels, bias: at.bias, clamp: p.clamp });
    return throughDoor(
      new Door(host, p, geometry, { ...throughTable, core: () => FEW_OUTPUTS_SCRATCH }),
      ({ image, y, addend, begin, end, scratch }) =>
        exports.convFewOutputs(geometry, product, image, y, addend, begin, end, scratch),
      kept.dispose,
    );
  },
};
