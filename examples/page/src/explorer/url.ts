import {
  type Config,
  defaults,
  type Edits,
  fills,
  operators,
  type Pair,
  type PairKey,
  paddingModes,
  paddingRules,
} from './config.js';
import { MOST_EDIT } from './numbers.js';
import { firstPlace, type Place } from './place.js';
import { type Pace, paces, type Way, ways } from './playing.js';

/** Everything that the address holds. */
export interface State {
  readonly config: Config;
  readonly at: Place;
  readonly playing: boolean;
  readonly pace: Pace;
  readonly way: Way;
}

const pairKeys: Readonly<Record<Exclude<PairKey, 'padding'>, string>> = {
  input: 'i',
  kernel: 'k',
  stride: 's',
  dilation: 'd',
  outputPadding: 'a',
};
const countKeys = { ic: 'ic', oc: 'oc', groups: 'g', seed: 'seed' } as const;

/** What is no number leaves its place empty. */
const write = (value: number) => (Number.isNaN(value) ? '' : String(value));

/** `5`, or `5x7` for height and width. */
const writePair = ([a, b]: Pair) => (Object.is(a, b) ? write(a) : `${write(a)}x${write(b)}`);

/** What is no number stays NaN: the explorer says so, instead of showing something else than the address asks for. */
const toNumber = (text: string) => (text.trim() === '' ? Number.NaN : Number(text));

function readPair(text: string): Pair {
  const [a, b = a] = text.split('x').map(toNumber);
  return [a, b];
}

const word = <T extends string>(text: string | null, words: Readonly<Record<T, string>>, fallback: T): T =>
  text !== null && Object.hasOwn(words, text) ? (text as T) : fallback;

/** `0.1.2_-3 0.1.3_5`: at plane 0, row 1, columns 2 and 3. */
const writeEdits = (edits: Edits) => [...edits].map(([at, value]) => `${at}_${value}`).join(' ');

const readEdits = (text: string | null): Edits =>
  new Map(
    (text ?? '').split(' ').flatMap((part) => {
      const [, at, number] = /^(\d+\.\d+\.\d+)_(-?\d+(?:\.\d+)?)$/.exec(part) ?? [];
      return at !== undefined && Math.abs(Number(number)) <= MOST_EDIT ? [[at, Number(number)] as const] : [];
    }),
  );

function readPlace(text: string | null): Place {
  const [, side, ...numbers] = /^([io])(\d+)\.(\d+)\.(\d+)$/.exec(text ?? '') ?? [];
  if (side === undefined) return firstPlace;
  const [channel, row, column] = numbers.map(Number);
  return { side: side === 'i' ? 'input' : 'output', channel, row, column };
}

export function readState(query: URLSearchParams): State {
  const pair = (key: string, fallback: Pair) => (query.has(key) ? readPair(query.get(key)!) : fallback);
  const number = (key: string, fallback: number) => (query.has(key) ? toNumber(query.get(key)!) : fallback);
  const padding = query.get('p');
  const rule = padding !== null && padding !== 'number' ? word(padding, paddingRules, 'number') : 'number';
  const config = {
    operator: word(query.get('op'), operators, defaults.operator),
    input: pair('i', defaults.input),
    kernel: pair('k', defaults.kernel),
    stride: pair('s', defaults.stride),
    rule,
    padding: padding !== null && rule === 'number' ? readPair(padding) : defaults.padding,
    mode: word(query.get('mode'), paddingModes, defaults.mode),
    dilation: pair('d', defaults.dilation),
    outputPadding: pair('a', defaults.outputPadding),
    ic: number('ic', defaults.ic),
    oc: number('oc', defaults.oc),
    groups: number('g', defaults.groups),
    fill: word(query.get('fill'), fills, defaults.fill),
    seed: number('seed', defaults.seed),
    xEdits: readEdits(query.get('x')),
    weightEdits: readEdits(query.get('w')),
  };
  const { input, kernel, stride, dilation, outputPadding } = config;
  const equal = [input, kernel, stride, dilation, outputPadding, config.padding].every(([a, b]) => Object.is(a, b));
  return {
    config: { ...config, square: equal && query.get('axes') !== '2' },
    at: readPlace(query.get('at')),
    playing: query.get('play') === '1',
    pace: word(query.get('pace'), paces, 'normal'),
    way: word(query.get('way'), ways, 'gather'),
  };
}

/** The address of a state; what is as by default is left out. */
export function writeState({ config, at, playing, pace, way }: State): URLSearchParams {
  const query = new URLSearchParams();
  const put = (key: string, value: string, standard: string) => {
    if (value !== standard) query.set(key, value);
  };
  put('op', config.operator, defaults.operator);
  for (const [key, letter] of Object.entries(pairKeys) as [keyof typeof pairKeys, string][]) {
    put(letter, writePair(config[key]), writePair(defaults[key]));
  }
  put('p', config.rule === 'number' ? writePair(config.padding) : config.rule, writePair(defaults.padding));
  put('mode', config.mode, defaults.mode);
  for (const [key, letter] of Object.entries(countKeys) as [keyof typeof countKeys, string][]) {
    put(letter, write(config[key]), write(defaults[key]));
  }
  put('fill', config.fill, defaults.fill);
  put('x', writeEdits(config.xEdits), '');
  put('w', writeEdits(config.weightEdits), '');
  put('axes', config.square ? '' : '2', '');
  put('at', `${at.side[0]}${at.channel}.${at.row}.${at.column}`, 'o0.0.0');
  put('play', playing ? '1' : '', '');
  put('pace', pace, 'normal');
  put('way', way, 'gather');
  return query;
}
