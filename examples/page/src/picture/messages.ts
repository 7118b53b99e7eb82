import type { Pixels } from './pixels.js';
import type { FilterName } from './work.js';

/** What a worker is asked for: to paint the picture that comes with the page, or to filter one. */
export type Request =
  | { readonly ask: 'paint'; readonly width: number; readonly height: number }
  | {
      readonly ask: 'filter';
      readonly by: 'kernels' | 'loops';
      readonly build: 'auto' | 'strict' | 'relaxed';
      readonly filter: FilterName;
      readonly picture: Pixels;
    };

export interface Filtered {
  readonly picture: Pixels;
  readonly milliseconds: number;
  readonly operations: number;
  /** Rows of the package's table that served. */
  readonly algorithms: readonly string[];
  /** Build of the package that ran. */
  readonly build: string;
}

/** What the worker tells that doubles a picture: how much of it is done, and at last the result. */
export type Upscaled =
  | { readonly share: number }
  | { readonly picture: Pixels; readonly milliseconds: number; readonly build: string }
  | { readonly failure: string };

export type Reply = { readonly picture: Pixels } | Filtered | { readonly failure: string };
