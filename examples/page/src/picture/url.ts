import { type FilterName, filters } from './work.js';

export const builds = { auto: 'the best one here', strict: 'strict', relaxed: 'relaxed' } as const;
export const widths = { 240: '240 pixels', 320: '320 pixels', 480: '480 pixels', 640: '640 pixels' } as const;

export interface State {
  readonly filter: FilterName;
  readonly build: keyof typeof builds;
  readonly width: `${keyof typeof widths}`;
}

export const defaults: State = { filter: 'edges', build: 'auto', width: '320' };

export function readState(query: URLSearchParams): State {
  const word = <T extends string>(key: string, words: object, fallback: T): T => {
    const text = query.get(key);
    return text !== null && Object.hasOwn(words, text) ? (text as T) : fallback;
  };
  return {
    filter: word('filter', filters, defaults.filter),
    build: word('build', builds, defaults.build),
    width: word('width', widths, defaults.width),
  };
}

export function writeState(state: State): URLSearchParams {
  const changed = (Object.keys(defaults) as (keyof State)[]).filter((key) => state[key] !== defaults[key]);
  return new URLSearchParams(changed.map((key) => [key, state[key]]));
}
