import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import fc from 'fast-check';
import { boundsOf, type Call, callOf, namesOf, operators, type Values } from '../calls/index.js';

/**
 * Writes calls of every operator, with what the definition says of their results, as a plain module: `node cases.js
 * FILE`. The suite makes them in hosts that have neither types nor test tools.
 */

/** Of every public function: calls on integers, which are exact but where an operator divides, and on reals. */
const COUNT = { integers: 2, reals: 1 } as const;

/** Most numbers in a drawn call. */
const NUMBERS = 700;

/** Problems that fill the tiles of the fast rows, which drawn ones are too small for. */
const LARGE: Readonly<Record<string, readonly string[]>> = {
  convR: [
    'ic16ih20iw19_oc24kh3kw3_ph1pw1_relu_bias',
    'ic20ih9iw11_oc17',
    'ic24ih15iw14_oc24kh3kw3_ph1pw1_g24',
    'ic9iw70_oc16kw5_pw2_nhwc',
  ],
  convRInputGrad: ['ic12ih15iw14_oc16kh3kw3_ph1pw1', 'ic8ih17iw15_oc12kh3kw3_sh2sw2_ph1pw1'],
  convRWeightGrad: ['ic12ih15iw14_oc16kh3kw3_ph1pw1'],
  convTransposeR: ['ic10ih8iw9_oc12kh4kw4_sh2sw2_ph1pw1'],
  gemm: ['m40n37k50'],
};

/** Distinct cases that every run of this file draws alike. */
const texts = (pattern: string) => [...new Set(fc.sample(operators[pattern].cases, { numRuns: 120, seed: 1 }))];

const numbersIn = (value: unknown): number => {
  if (ArrayBuffer.isView(value)) return (value as Float32Array).length;
  return typeof value === 'object' && value !== null
    ? Object.values(value).reduce((sum, v) => sum + numbersIn(v), 0)
    : 0;
};

/** The calls of an operator: of each of its functions as many as `COUNT` says, and the large ones. */
function callsOf(pattern: string): Call[] {
  const kinds = Object.keys(COUNT) as (keyof typeof COUNT)[];
  const left = new Map(
    namesOf(pattern).flatMap((name) => kinds.map((kind) => [`${name} ${kind}`, COUNT[kind] as number])),
  );
  const small = texts(pattern).flatMap((text) =>
    kinds.flatMap((kind) => {
      const call = callOf(pattern, text, kind);
      const key = `${call?.name} ${kind}`;
      const wanted = left.get(key) ?? 0;
      if (!call || wanted === 0 || numbersIn(call.args) + numbersIn(call.expected) > NUMBERS) return [];
      left.set(key, wanted - 1);
      return [call];
    }),
  );
  const large = (LARGE[pattern] ?? []).flatMap((text) => kinds.map((kind) => callOf(pattern, text, kind) as Call));
  return [...small, ...large];
}

/** Digits that tell every float32, every definition from its neighbours in float32, and a bound. */
const DIGITS = { f32: 9, definition: 12, bound: 3 } as const;

/** JSON has neither NaN nor Infinity: they become strings. */
const number = (value: number, digits: number) =>
  Number.isFinite(value) ? Number(value.toPrecision(digits)) : String(value);

/** JSON has no typed arrays: one becomes { f32: numbers } or { i32: numbers }. */
function plain(value: unknown): unknown {
  if (value instanceof Int32Array) return { i32: Array.from(value) };
  if (value instanceof Float32Array) return { f32: Array.from(value, (v) => number(v, DIGITS.f32)) };
  if (typeof value === 'number') return number(value, 17);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, plain(entry)]));
}

/**
 * What a result must be: the definition, and how far from it each number may be; one bound where all are alike, none
 * where it is exact.
 */
function result({ data, shape }: Values, bounds: readonly number[] | undefined) {
  const exact = Array.from(data, (value) => number(Math.fround(value), DIGITS.f32));
  if (bounds === undefined) return { data: exact, shape };
  const rounded = bounds.map((bound) => number(bound, DIGITS.bound));
  const distinct = new Set(rounded).size;
  return {
    data: Array.from(data, (value) => number(value, DIGITS.definition)),
    shape,
    bounds: distinct === 1 ? rounded.slice(0, 1) : rounded,
  };
}

function entry(call: Call) {
  const bounds = boundsOf(call);
  const { title, name, args, expected, handle } = call;
  return {
    ...{ title, name, args: plain(args) },
    results: Object.fromEntries(Object.entries(expected).map(([key, wanted]) => [key, result(wanted, bounds[key])])),
    ...(handle && { handle: { name: handle.name, prepare: plain(handle.prepare), run: plain(handle.run()) } }),
  };
}

const file = process.argv[2];
mkdirSync(dirname(file), { recursive: true });
const entries = Object.keys(operators).flatMap((pattern) => callsOf(pattern).map(entry));
writeFileSync(file, `export default [\n${entries.map((e) => JSON.stringify(e)).join(',\n')},\n];\n`);
