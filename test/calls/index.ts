import fc from 'fast-check';
import * as reference from '../reference/index.js';
import { expectExact, expectWithin, sumBound } from '../support/bounds.js';
import { parseCase } from '../support/cases.js';
import { integerTensor, realTensor } from '../support/data.js';
import { convolutions } from './convolutions.js';
import type { Arguments, Operator, Prepared, Values } from './operator.js';
import { pools } from './pools.js';
import { products } from './products.js';

export type { Arguments, Options, Values } from './operator.js';

/**
 * Every operator of the public API by its name; `R` stands for `1d`, `2d` and `3d`. A new operator needs a line in one
 * of these tables, nothing else.
 */
export const operators: Readonly<Record<string, Operator>> = { ...convolutions, ...pools, ...products };

/** What a module of the package exports. */
export type Api = Readonly<Record<string, unknown>>;

type Callable = (...args: Arguments) => unknown;

/** The call through a handle: `name` is that of `prepare…`. */
export type PreparedCall = Prepared & { readonly name: string };

/** A function of the package and what it is called with. */
export interface Drawn {
  /** Of its line in the table. */
  readonly pattern: string;
  readonly name: string;
  readonly args: Arguments;
}

/** A drawn call and what the definition says of it. */
export interface Call extends Drawn {
  /** Function and case, for messages. */
  readonly title: string;
  readonly expected: Readonly<Record<string, Values>>;
  /** On integers most operators are exact; `rough` where a row of standard accuracy may serve. */
  readonly accuracy: 'exact' | 'high' | 'rough';
  readonly handle?: PreparedCall;
}

const ofRank = (pattern: string, rank: number) => pattern.replace('R', `${rank}d`);
const capital = (name: string) => name[0].toUpperCase() + name.slice(1);

/** Results by name; that of an operator with one is `y`. */
export const namedResults = (result: unknown): Record<string, Values> =>
  'data' in (result as object) ? { y: result as Values } : (result as Record<string, Values>);

/**
 * What the definition says of the results that are asked for: by default not of the gradient of a bias that is not
 * there.
 */
function asked(results: Record<string, Values>, args: Arguments): Record<string, Values> {
  const { wanted, bias } = args[args.length - 1] as { wanted?: Record<string, boolean>; bias?: unknown };
  const names = Object.entries(wanted ?? {}).flatMap(([name, is]) => (is ? [`grad${capital(name)}`] : []));
  const isAsked = (name: string) => (wanted ? names.includes(name) : name !== 'gradBias' || bias !== undefined);
  return Object.fromEntries(Object.entries(results).filter(([name, value]) => value !== undefined && isAsked(name)));
}

/** Function and arguments of a case, on integers or on reals; undefined where the operator does not serve the case. */
export function drawn(pattern: string, text: string, kind: 'integers' | 'reals'): Drawn | undefined {
  const operator = operators[pattern];
  const given = parseCase(kind === 'integers' ? `${text}_high` : text);
  const args = operator.args(given, kind === 'integers' ? integerTensor : realTensor);
  if (args === undefined) return undefined;
  return { pattern, name: ofRank(pattern, given.rank), args };
}

/** The call through a handle that gives the same as a plain one, where the operator has it. */
export function handleOf({ pattern, name, args }: Drawn): PreparedCall | undefined {
  const prepared = operators[pattern].prepared?.(...(args as never[]));
  return prepared && { name: `prepare${capital(name)}`, ...prepared };
}

/** The call of a case, on integers or on reals; undefined where the operator does not serve the case. */
export function callOf(pattern: string, text: string, kind: 'integers' | 'reals'): Call | undefined {
  const call = drawn(pattern, text, kind);
  if (call === undefined) return undefined;
  const handle = handleOf(call);
  return {
    ...call,
    title: `${call.name} ${text} on ${kind}`,
    expected: definition(pattern, call.args),
    accuracy: accuracyOf(pattern, kind),
    ...(handle && { handle }),
  };
}

/** What the reference gives for arguments. */
export function definition(pattern: string, args: Arguments): Record<string, Values> {
  const expected =
    operators[pattern].expected ?? (reference as unknown as Record<string, Callable>)[pattern.replace('R', '')];
  const results = namedResults((expected as Callable)(...args));
  return 'y' in results ? results : asked(results, args);
}

function accuracyOf(pattern: string, kind: 'integers' | 'reals'): Call['accuracy'] {
  if (kind === 'integers') return operators[pattern].rounds ? 'high' : 'exact';
  return pattern in convolutions ? 'rough' : 'high';
}

/** Calls of every operator that `api` has, `count` cases of each, half of them on integers. */
export function drawCalls(api: Api, count: number, seed: number): Call[] {
  return Object.entries(operators).flatMap(([pattern, { cases }]) => {
    if (!namesOf(pattern).some((name) => name in api)) return [];
    return fc
      .sample(cases, { numRuns: count, seed })
      .map((text, i) => callOf(pattern, text, i % 2 === 0 ? 'integers' : 'reals'))
      .filter((call) => call !== undefined && call.name in api) as Call[];
  });
}

/** The functions that a name in the table stands for, those of handles among them. */
export function namesOf(pattern: string): string[] {
  const ranks = pattern.includes('R') ? [1, 2, 3] : [0];
  const names = ranks.map((rank) => ofRank(pattern, rank));
  return operators[pattern].prepared ? [...names, ...names.map((name) => `prepare${capital(name)}`)] : names;
}

/** Calls a function of the package by name. */
export const invoke = (api: Api, name: string, args: Arguments): unknown => (api[name] as Callable)(...args);

/**
 * Rows of standard accuracy are Winograd's: their transforms multiply errors, and each cell of a tile has its share of
 * the largest one. Their own tests hold them more closely.
 */
const ROUGH = 64;

/** What `expectWithin` takes for a result that is not exact. */
interface Slack {
  readonly magnitude: ArrayLike<number>;
  readonly terms: number;
  readonly factor: number;
}

function slack({ magnitude, terms }: Values, accuracy: Call['accuracy']): Slack | undefined {
  if (accuracy === 'exact' || magnitude === undefined || terms === undefined) return undefined;
  if (accuracy === 'high') return { magnitude, terms, factor: 1 };
  return { magnitude: Array.from(magnitude).fill(largest(magnitude)), terms, factor: ROUGH };
}

/** Holds a result against the definition: exactly on integers, else within the bound of a float32 sum. */
export function checkResult({ expected, accuracy }: Call, result: unknown): void {
  const found = namedResults(result);
  const [names, wantedNames] = [Object.keys(found), Object.keys(expected)].map((list) => list.sort().join());
  if (names !== wantedNames) throw new Error(`results ${names}, expected ${wantedNames}`);
  for (const [name, wanted] of Object.entries(expected)) {
    const bound = slack(wanted, accuracy);
    if (bound === undefined) expectExact(found[name], wanted);
    else expectWithin(found[name], wanted, bound.magnitude, bound.terms, bound.factor);
  }
}

/** How far each number of a result may be from the definition, by name of the result; nothing where it may not. */
export function boundsOf({ expected, accuracy }: Call): Record<string, number[] | undefined> {
  const bounds = (wanted: Values) => {
    const bound = slack(wanted, accuracy);
    return bound && Array.from(bound.magnitude, (magnitude) => sumBound(magnitude, bound.terms, bound.factor));
  };
  return Object.fromEntries(Object.entries(expected).map(([name, wanted]) => [name, bounds(wanted)]));
}

const largest = (values: ArrayLike<number>) => Array.from(values).reduce((most, value) => Math.max(most, value), 0);
