import type { Processor, Row } from '../../../../bench/report.js';
import type { Task } from './plan.js';
import type { Build, State, Tune } from './url.js';

/** What a worker is asked for; it serves one build, one variant of the hot loops and one number of threads. */
export type Request =
  | { readonly ask: 'open'; readonly build: Build; readonly tune: Tune; readonly threads: number }
  | { readonly ask: 'bandwidth' }
  | { readonly ask: 'run'; readonly task: Task; readonly setup: Pick<State, 'layout' | 'memory' | 'repetitions'> };

export type Reply =
  /** Of the package: what the processor is, and whose hot loops run. */
  | { readonly done: true; readonly processor?: Processor; readonly tune?: Processor }
  | { readonly bandwidth: number }
  | { readonly row: Row }
  | { readonly failure: string };
