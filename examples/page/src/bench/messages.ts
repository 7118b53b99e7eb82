import type { Row } from '../../../../bench/report.js';
import type { Task } from './plan.js';
import type { Build, State } from './url.js';

/** What a worker is asked for; it serves one build on one number of threads. */
export type Request =
  | { readonly ask: 'open'; readonly build: Build; readonly threads: number }
  | { readonly ask: 'bandwidth' }
  | { readonly ask: 'run'; readonly task: Task; readonly setup: Pick<State, 'layout' | 'memory' | 'repetitions'> };

export type Reply =
  | { readonly done: true }
  | { readonly bandwidth: number }
  | { readonly row: Row }
  | { readonly failure: string };
