/** What the benchmark is asked to run. */
export const builds = {
  strict: 'strict',
  relaxed: 'relaxed',
  plain: 'plain JavaScript',
  tfjs: 'TensorFlow.js (wasm)',
} as const;
/** Whose variant of the package's hot loops. */
export const tunes = { auto: 'this processor', x86: 'x86', arm: 'aarch64' } as const;
export const lists = {
  layers: 'layers, gradients, pools, GEMM',
  networks: 'ResNet-50, MobileNetV2, VGG-16, U-Net in full',
  scaling: 'scaling with size',
} as const;
export const layouts = { NHWC: 'channels last', NCHW: 'channels first' } as const;
export const memories = { arena: 'in wasm memory', heap: 'in JavaScript arrays, copied' } as const;

export type Build = keyof typeof builds;
export type Tune = keyof typeof tunes;
export type List = keyof typeof lists;

export interface State {
  readonly builds: readonly Build[];
  readonly lists: readonly List[];
  readonly tunes: readonly Tune[];
  /** Numbers of threads, each of which runs everything. */
  readonly threads: readonly number[];
  readonly layout: keyof typeof layouts;
  readonly memory: keyof typeof memories;
  readonly repetitions: number;
  /** Only problems whose title holds this. */
  readonly filter: string;
}

export const defaults: State = {
  builds: ['strict', 'relaxed', 'plain'],
  tunes: ['auto'],
  lists: ['layers', 'scaling'],
  threads: [1],
  layout: 'NHWC',
  memory: 'arena',
  repetitions: 9,
  filter: '',
};

export const repetitionLimits = [1, 99] as const;

/** As many as the package takes. */
const MOST_THREADS = 64;
/** Cores that are offered. */
const MOST_CORES = 16;

/** Numbers of threads worth a look on a machine: powers of two, and all cores. */
export function threadChoices(cores: number): number[] {
  const all = Math.min(MOST_CORES, Math.max(1, cores));
  const choices = Array.from({ length: 5 }, (_, i) => 2 ** i).filter((n) => n < all);
  return [...choices, all];
}

export function readState(query: URLSearchParams): State {
  const some = <T extends string>(
    key: string,
    words: Readonly<Record<T, string>>,
    fallback: readonly T[],
  ): readonly T[] => {
    const text = query.get(key);
    return text === null ? fallback : (Object.keys(words) as T[]).filter((word) => text.split(',').includes(word));
  };
  const one = <T extends string>(key: string, words: Readonly<Record<T, string>>, fallback: T): T => {
    const text = query.get(key);
    return text !== null && Object.hasOwn(words, text) ? (text as T) : fallback;
  };
  const repetitions = Number(query.get('n') ?? defaults.repetitions);
  const [least, most] = repetitionLimits;
  return {
    builds: some('builds', builds, defaults.builds),
    tunes: some('tunes', tunes, defaults.tunes),
    lists: some('lists', lists, defaults.lists),
    threads: numbers(query.get('t')),
    layout: one('layout', layouts, defaults.layout),
    memory: one('memory', memories, defaults.memory),
    repetitions:
      Number.isInteger(repetitions) && repetitions >= least && repetitions <= most ? repetitions : defaults.repetitions,
    filter: query.get('filter') ?? defaults.filter,
  };
}

const numbers = (text: string | null): readonly number[] => {
  if (text === null) return defaults.threads;
  return [...new Set(text.split(',').map(Number))].filter((n) => Number.isInteger(n) && n >= 1 && n <= MOST_THREADS);
};

export function writeState(state: State): URLSearchParams {
  const query = new URLSearchParams();
  const put = (key: string, value: string, standard: string) => {
    if (value !== standard) query.set(key, value);
  };
  put('builds', state.builds.join(), defaults.builds.join());
  put('tunes', state.tunes.join(), defaults.tunes.join());
  put('lists', state.lists.join(), defaults.lists.join());
  put('t', state.threads.join(), defaults.threads.join());
  put('layout', state.layout, defaults.layout);
  put('memory', state.memory, defaults.memory);
  put('n', String(state.repetitions), String(defaults.repetitions));
  put('filter', state.filter, defaults.filter);
  return query;
}
