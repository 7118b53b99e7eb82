/**
 * A case is a string: test title, reproduction line and bench argument at once, e.g.
 * `n2ic3ih9iw7_oc5kh3kw2_ph1phe2_relu`. Each `_` segment is a run of fields with their numbers, or one flag. What is
 * not written has its default; the padding at an end defaults to that at the begin; the input extents that are written
 * give the rank (`iw` alone: 1; `ih iw`: 2; `id ih iw`: 3; none, as for a matrix product `m3n5k7`: 0).
 */
const SEGMENTS = [
  { m: 1, n: 1, k: 1, ic: 1, id: 1, ih: 1, iw: 1 },
  { oc: 1, kd: 1, kh: 1, kw: 1 },
  { sd: 1, sh: 1, sw: 1 },
  { dd: 1, dh: 1, dw: 1 },
  { pd: 0, pde: 0, ph: 0, phe: 0, pw: 0, pwe: 0 },
  // Output padding of transposed operators; output extents of adaptive ones.
  { opd: 0, oph: 0, opw: 0 },
  { od: 1, oh: 1, ow: 1 },
  // Groups; exponent of the Lp pool; divisorOverride (0: none).
  { g: 1, lp: 2, divisor: 0 },
] as const;

const FLAGS = [
  'nhwc', // channels last, in any rank
  'flip',
  'reflect',
  'replicate',
  'circular',
  'valid',
  'same',
  'samelower',
  'full',
  'bias',
  'add', // a residual added before the activation
  'relu',
  'relu6',
  'hardtanh',
  'clamp', // to [-3, 5]
  'ceil', // ceilMode
  'exclude', // countIncludePad: false
  'ta', // transposeA
  'tb', // transposeB
  'high', // accuracy
] as const;

export type Flag = (typeof FLAGS)[number];

type Union<T> = T extends T ? keyof T : never;
export type FieldName = Union<(typeof SEGMENTS)[number]>;

export type Case = { readonly [F in FieldName]: number } & {
  readonly rank: 0 | 1 | 2 | 3;
  readonly flags: readonly Flag[];
};

const DEFAULTS: Readonly<Record<FieldName, number>> = Object.assign({}, ...SEGMENTS);

const isFlag = (text: string): text is Flag => (FLAGS as readonly string[]).includes(text);
const isField = (text: string): text is FieldName => text in DEFAULTS;

/** The fields written in `text`, and its flags. */
function read(text: string): { fields: Partial<Record<FieldName, number>>; flags: Flag[] } {
  const fields: Partial<Record<FieldName, number>> = {};
  const flags: Flag[] = [];
  for (const segment of text.split('_')) {
    if (isFlag(segment)) {
      flags.push(segment);
      continue;
    }
    if (!/^([a-z]+\d+)+$/.test(segment))
      throw new Error(`case ${text}: ${segment} is neither a flag nor a run of fields`);
    for (const [, name, value] of segment.matchAll(/([a-z]+)(\d+)/g)) {
      if (!isField(name)) throw new Error(`case ${text}: unknown field ${name}`);
      if (name in fields) throw new Error(`case ${text}: ${name} is written twice`);
      fields[name] = Number(value);
    }
  }
  return { fields, flags };
}

export function parseCase(text: string): Case {
  const { fields, flags } = read(text);
  const rank = fields.id !== undefined ? 3 : fields.ih !== undefined ? 2 : fields.iw !== undefined ? 1 : 0;
  if (rank > 0 && fields.iw === undefined) throw new Error(`case ${text}: iw is missing`);
  if (rank === 3 && fields.ih === undefined) throw new Error(`case ${text}: ih is missing`);
  const ends = { pde: fields.pd ?? 0, phe: fields.ph ?? 0, pwe: fields.pw ?? 0 };
  return { ...DEFAULTS, ...ends, ...fields, rank, flags: FLAGS.filter((flag) => flags.includes(flag)) };
}

/** The shortest text that `parseCase` reads as this case. */
export function formatCase(given: Case): string {
  const implied = { ...DEFAULTS, pde: given.pd, phe: given.ph, pwe: given.pw };
  const extents = ['id', 'ih', 'iw'].slice(3 - given.rank);
  const written = SEGMENTS.map((segment) =>
    (Object.keys(segment) as FieldName[])
      .filter((name) => given[name] !== implied[name] || extents.includes(name))
      .map((name) => `${name}${given[name]}`)
      .join(''),
  );
  return (
    [...written, ...FLAGS.filter((flag) => given.flags.includes(flag))].filter((segment) => segment !== '').join('_') ||
    'n1'
  );
}

export const has = (given: Case, flag: Flag): boolean => given.flags.includes(flag);

/** The case with channels last, or with channels first. */
export const inLayout = (given: Case, last: boolean): Case => ({
  ...given,
  flags: FLAGS.filter((flag) => (flag === 'nhwc' ? last : has(given, flag))),
});
