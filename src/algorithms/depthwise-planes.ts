import type { ConvProblem } from '../types.js';
import { keepBlock } from '../wasm/block.js';
import { DEPTHWISE_PLANES, DEPTHWISE_PLANES_BYTES, GEOMETRY_BYTES } from '../wasm/boundary.js';
import { oneStep } from '../wasm/crew.js';
import { writeGeometry, writeRecord } from '../wasm/records.js';
import { keepWeights } from '../wasm/weights.js';
import { depthwise } from './depthwise.js';
import { weightOrder } from './panels.js';
import type { ConvRow } from './row.js';

/**
 * Bytes of the copy of a band, about: it stays in the L2 cache (24 KB, for the L1 cache, are as fast or 5 % slower).
 */
const BAND_BYTES = 64 * 1024;

/** Bytes of the copies of planes that are of one band: they stay in the L1 cache. */
const GROUP_BYTES = 24 * 1024;

/**
 * Planes that are copied at once: loops begin less often, and what was stored is not loaded at once
 * (ic960ih7iw7_oc960kh3kw3_ph1pw1_g960 is 1.2 times as fast as with three, with 8 and 32 as fast).
 */
const MOST_PLANES = 16;

/**
 * Rows and columns from which the smaller tiles are full: `depthwise` takes 0.65 times the time of
 * ic128ih3iw3_oc128kh3kw3_ph1pw1_g128, 0.8 times that of ic128ih3iw3_oc128kh7kw7_ph3pw3_g128, and 1.2 times that of
 * ic128ih4iw4_oc128kh3kw3_ph1pw1_g128.
 */
const LEAST = 4;

/**
 * Rows of a tile: sevens are 1.3 times as fast as fours where both are full, and overlap
 * (ic128ih10iw10_oc128kh3kw3_ph1pw1_g128 is 1.25, with ih16iw16 1.05 times as fast in sevens, with ih8iw8 1.15 times in
 * fours).
 */
const tileOf = (rows: number): 4 | 7 => (rows < 7 || rows === 8 ? 4 : 7);

const roundUp = (n: number, to: number): number => Math.ceil(n / to) * to;

/** The copy of a band, in floats, and how its output rows are cut into bands and tiles. */
function layOutBand(p: ConvProblem) {
  // columns of one parity, and room for what vectors bring from behind a row: with stride 1 they end with it, where one
  // fits
  const behind = p.sw === 1 && p.iw >= 4 ? 0 : roundUp(p.iw, 4 * p.sw) + 4 * p.sw;
  const columns = Math.ceil((p.pw + Math.max(p.iw + p.pwEnd, behind)) / p.sw);
  const odd = p.sw === 2 ? roundUp(columns, 4) : 0;
  const row = odd + roundUp(columns, 4);
  const interleave = p.sh === 1 ? p.dh : 1;
  const tile = tileOf(Math.ceil(p.oh / interleave));
  const step = tile * interleave;
  // rows that tiles see
  const seen = (rows: number) => (roundUp(rows, step) - 1) * p.sh + (p.kh - 1) * p.dh + 1;
  const most = Math.max(1, Math.floor(BAND_BYTES / (4 * row * p.sh * step)));
  const bands = Math.ceil(p.oh / (step * most));
  const rows = bands === 1 ? p.oh : roundUp(Math.ceil(p.oh / bands), step);
  const plane = roundUp(seen(rows) * row, 16);
  const planes = bands === 1 ? Math.max(1, Math.min(MOST_PLANES, Math.floor(GROUP_BYTES / (4 * plane)))) : 1;
  return { odd, row, interleave, tile, bands: Math.ceil(p.oh / rows), rows, plane, planes };
}

/** Taps in the order of the kernel: those of a column in threes as far as `threes`, then one by one. */
function tapsInOrder({ kh, kw }: ConvProblem, threes: number): { y: number; x: number; count: number }[] {
  const taps: { y: number; x: number; count: number }[] = [];
  for (let y = 0; y < kh; y += y < threes ? 3 : 1) {
    for (let x = 0; x < kw; x++) taps.push({ y, x, count: y < threes ? 3 : 1 });
  }
  return taps;
}

/** One channel a group, channels first: lanes are pixels of a row, and no plane is turned. */
export const depthwisePlanes: ConvRow = {
  name: 'depthwise-planes',
  accuracy: 'high',
  refuses(p) {
    if (p.channelsLast) return 'channels last';
    if (p.id * p.kd * p.od > 1 || p.pd + p.pdEnd > 0) return 'three axes';
    if (p.sw > 2) return `stride ${p.sw} along rows`;
    if (p.paddingMode !== 'zeros') return `padding mode ${p.paddingMode}`;
    return depthwise.refuses(p);
  },
  declines(p) {
    const rows = Math.floor(p.oh / (p.sh === 1 ? p.dh : 1));
    // here no channel is repeated for a multiplier: n1ic192ih7iw7_oc384kh3kw3_sh2sw2_g192 is 1.3 times as fast
    return Math.min(rows, p.ow) < LEAST - Number(p.oc > p.ic) ? 'tiles are not full' : null;
  },
  prepare(host, p, weight, bias) {
    const { arena, exports } = host;
    const band = layOutBand(p);
    const shares = p.sh === 1 || (p.sh === 2 && p.dh === 1);
    const taps = tapsInOrder(p, shares ? p.kh - (p.kh % 3) : 0);
    const all = p.kh * p.kw;
    const at = keepBlock(arena, {
      geometry: GEOMETRY_BYTES,
      planes: DEPTHWISE_PLANES_BYTES,
      taps: taps.length * 4,
      bias: p.oc * 4,
    });
    const column = (x: number) => Math.floor(x / p.sw) + (x % p.sw) * band.odd;
    arena.i32(at.taps, taps.length).set(taps.map(({ y, x }) => (y * p.dh * band.row + column(x * p.dw)) * 4));
    const { group, n, taps: order } = weightOrder(p);
    const times = p.oc / p.ic;
    const from = taps.flatMap(({ y, x, count }) => Array.from({ length: count }, (_, i) => order[(y + i) * p.kw + x]));
    const kept = keepWeights(arena, at.block, p.oc * all * 4, (to) => {
      const weights = arena.f32(to, p.oc * all);
      for (let o = 0; o < p.oc; o++) {
        const kernel = Math.floor(o / times) * group + (o % times) * n;
        for (let i = 0; i < all; i++) weights[o * all + i] = weight[kernel + from[i]];
      }
    });
    const biases = arena.f32(at.bias, p.oc);
    biases.fill(0);
    if (bias) biases.set(bias);
    writeGeometry(host, at.geometry, p);
    writeRecord(host, DEPTHWISE_PLANES, at.planes, {
      ...at,
      ...band,
      weights: kept.at,
      ...{ odd: band.odd * 4, row: band.row * 4, plane: band.plane * 4, skips: Number(shares && p.sh === 2) },
      threesEnd: at.taps + taps.filter(({ count }) => count === 3).length * 4,
      tapsEnd: at.taps + taps.length * 4,
    });
    return oneStep({
      ownBytes: exports.depthwisePlanesScratch(at.geometry, at.planes),
      units: p.n * p.ic * band.bands,
      run: ([x, addend, y], begin, end, own) =>
        exports.convDepthwisePlanes(at.geometry, at.planes, x, y, addend, begin, end, own),
      dispose: kept.dispose,
    });
  },
};
