import type { ConvProblem } from '../types.js';
import type { Address } from './arena.js';
import type { Host } from './host.js';

/** Fields of the record classes of the same name in `assembly/`, in order; every field is one 32-bit word. */
export const records = {
  geometry: [
    ...['n', 'ic', 'oc', 'groups', 'id', 'ih', 'iw', 'kd', 'kh', 'kw', 'od', 'oh', 'ow', 'sd', 'sh', 'sw', 'dd', 'dh', 'dw'],
    ...['pd', 'ph', 'pw', 'pdEnd', 'phEnd', 'pwEnd', 'paddingMode', 'flipKernel'],
    ...['xN', 'xC', 'xD', 'xH', 'xW', 'yN', 'yC', 'yD', 'yH', 'yW', 'weightO', 'weightC', 'weightTap', 'lo', 'hi'],
  ],
  product: [
    ...['k', 'segmentCount', 'segments', 'n', 'mr', 'a', 'panels', 'kStep', 'panelStep', 'bias', 'addend', 'c', 'lo', 'hi'],
    ...['zeros', 'strip'],
  ],
  pool: [
    ...['kind', 'accumulate', 'direct', 'c', 'id', 'ih', 'iw', 'od', 'oh', 'ow', 'dd', 'dh', 'dw', 'depths', 'heights'],
    ...['strips', 'stripsEnd', 'taps', 'table', 'rows', 'indexBytes'],
  ],
  poolSpan: ['first', 'taps', 'share'],
  poolRun: ['first', 'step', 'taps', 'to', 'toStep', 'count', 'share', 'slide', 'table', 'planes', 'rows'],
  poolStrip: ['column', 'columns', 'output', 'outputs', 'runs', 'runsEnd'],
  taps: [
    ...['table', 'tableEnd', 'tested', 'from', 'to', 'step', 'toStep', 'count', 'bytes', 'selects', 'divisor', 'accumulate'],
    ...['index', 'indexStep', 'toIndexBytes', 'indexBytes'],
  ],
  axis: ['points', 'taps', 'outputs', 'tiles', 'whole'],
  pass: ['k', 'segments', 'segmentCount', 'v', 'taps', 'pointsY', 'pointsX', 'aloneY', 'aloneX', 'adds'],
  winograd: [
    ...['y', 'x', 'passes', 'passesEnd', 'runs', 'planes', 'blockTiles', 'vPoint', 'vTile', 'vRun'],
    ...['mPoint', 'mTile', 'mPanels', 'makesU', 'uPoint', 'uPanel', 'uPanels', 'weightGroup', 'weightPanel'],
    ...['touchesX', 'touchesY', 'vAt', 'mAt', 'patchAt', 'tableAt', 'uAt'],
  ],
  depthwise: ['image', 'weights', 'bias', 'addend', 'y', 'touches', 'part', 'rows', 'zeros', 'tile'],
  depthwiseTile: [
    ...['count', 'from', 'edge', 'rows', 'threesEnd', 'rowsEnd', 'tap', 'step', 'lastStep', 'weights', 'lastWeights'],
    ...['weightsStep', 'bias', 'y', 'yStep', 'addend', 'adds', 'last', 'newest', 'aheadEnd', 'secondBack'],
    ...['kw', 'row', 'lo', 'hi'],
  ],
  strip: ['k', 'columns', 'segments', 'segmentsEnd', 'a', 'panel', 'step', 'bias', 'addend', 'c', 'lo', 'hi'],
  depthwiseGrad: ['bandH', 'bandW', 'rows', 'cols', 'taps', 'offsets', 'sum', 'panels'],
  winogradGrad: ['vMatrix', 'uMatrix', 'sumMatrix', 'mr'],
  outer: ['runs', 'runsEnd', 'a', 'aStep', 'b', 'bStep', 'bPanel', 'c', 'ldc', 'strip', 'fresh', 'columns', 'mr'],
} as const;

/** Bytes of a record. */
export const recordBytes = (name: keyof typeof records) => records[name].length * 4;

/** Writes a record; fields that `values` leaves out are those of `others`, or 0. */
export function writeRecord(
  { arena }: Host,
  name: keyof typeof records,
  at: Address,
  values: Readonly<Record<string, number | undefined>>,
  others: Readonly<Record<string, unknown>> = {},
): void {
  const fields: readonly string[] = records[name];
  const words = arena.i32(at, fields.length);
  const floats = arena.f32(at, fields.length);
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i];
    const value = values[field] ?? (others[field] as number | undefined) ?? 0;
    if (field === 'lo' || field === 'hi') floats[i] = value;
    else words[i] = value;
  }
}

const paddingModes = { zeros: 0, reflect: 1, replicate: 2, circular: 3 } as const;

/** Floats from one image, channel, plane, row and pixel to the next. */
export interface Strides {
  readonly n: number;
  readonly c: number;
  readonly d: number;
  readonly h: number;
  readonly w: number;
}

/** Strides in floats of a [n, c, d, h, w] tensor in the caller's order of axes. */
export function strides(channelsLast: boolean, c: number, d: number, h: number, w: number): Strides {
  return channelsLast
    ? { n: d * h * w * c, c: 1, d: h * w * c, h: w * c, w: c }
    : { n: c * d * h * w, c: d * h * w, d: h * w, h: w, w: 1 };
}

/** The geometry record of a problem; `y`: strides of the result, if they are not those of the caller's layout. */
export function writeGeometry(
  host: Host,
  at: Address,
  p: ConvProblem,
  y: Strides = strides(p.channelsLast, p.oc, p.od, p.oh, p.ow),
  x: Strides = strides(p.channelsLast, p.ic, p.id, p.ih, p.iw),
): void {
  const taps = p.kd * p.kh * p.kw;
  const icg = p.ic / p.groups;
  const values = {
    paddingMode: paddingModes[p.paddingMode],
    flipKernel: p.flipKernel ? 1 : 0,
    ...{ xN: x.n, xC: x.c, xD: x.d, xH: x.h, xW: x.w, yN: y.n, yC: y.c, yD: y.d, yH: y.h, yW: y.w },
    weightO: p.channelsLast ? 1 : icg * taps,
    weightC: p.channelsLast ? p.oc : taps,
    weightTap: p.channelsLast ? icg * p.oc : 1,
    lo: p.clamp[0],
    hi: p.clamp[1],
  };
  writeRecord(host, 'geometry', at, values, p as unknown as Record<string, unknown>);
}
