import type { ConvProblem } from '../types.js';
import type { Address } from './arena.js';
import { CIRCULAR, GEOMETRY, isFloat, REFLECT, REPLICATE, ZEROS } from './boundary.js';
import type { Host } from './host.js';
import { recorderOf } from './sharing.js';

/** What a record is to hold, by the fields that `boundary.ts` lists. */
export type Values<Fields extends readonly string[]> = Readonly<Partial<Record<Fields[number], number>>>;

const bitsOf = (value: number) => new Int32Array(Float32Array.of(value).buffer)[0];

/** Writes the same float `count` times. */
export function fill(host: Host, at: Address, count: number, value: number): void {
  const recorder = recorderOf(host);
  if (recorder) recorder.fill(at, count, value);
  else host.arena.f32(at, count).fill(value);
}

/** Writes a record of 32-bit words; fields that `values` leaves out are those of `others`, or 0. */
export function writeRecord<const Fields extends readonly string[]>(
  host: Host,
  fields: Fields,
  at: Address,
  values: NoInfer<Values<Fields>>,
  others: object = {},
): void {
  const value = (field: Fields[number]) => values[field] ?? (others as Values<Fields>)[field] ?? 0;
  const recorder = recorderOf(host);
  if (recorder) {
    const words = fields.map((field: Fields[number]) => (isFloat(field) ? bitsOf(value(field)) : value(field)));
    recorder.words(at, words);
    return;
  }
  const words = host.arena.i32(at, fields.length);
  const floats = host.arena.f32(at, fields.length);
  for (let i = 0; i < fields.length; i++) {
    const field: Fields[number] = fields[i];
    if (isFloat(field)) floats[i] = value(field);
    else words[i] = value(field);
  }
}

const paddingModes = { zeros: ZEROS, reflect: REFLECT, replicate: REPLICATE, circular: CIRCULAR } as const;

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
    xN: x.n,
    xC: p.xPlane ?? x.c,
    xD: x.d,
    xH: x.h,
    xW: x.w,
    yN: y.n,
    yC: p.yPlane ?? y.c,
    yD: y.d,
    yH: y.h,
    yW: y.w,
    weightO: p.weightsLast ? 1 : icg * taps,
    weightC: p.weightsLast ? p.oc : taps,
    weightTap: p.weightsLast ? icg * p.oc : 1,
    lo: p.clamp[0],
    hi: p.clamp[1],
  };
  writeRecord(host, GEOMETRY, at, values, p);
}
