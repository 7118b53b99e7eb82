import { cases, scalingCases } from '../../../../bench/cases.js';
import { stackCases } from '../../../../bench/stacks.js';
import { nameOf } from '../report/names.js';
import type { List, State } from './url.js';

export interface Task {
  readonly title: string;
  readonly problem: string;
}

const listed: Readonly<Record<List, readonly (readonly [string, string])[]>> = {
  layers: cases,
  networks: stackCases,
  scaling: scalingCases,
};

/** What is to be run, in order; each task in every build before the next. */
export function planOf({ lists, filter }: Pick<State, 'lists' | 'filter'>): Task[] {
  const word = filter.toLowerCase();
  return lists
    .flatMap((list) => listed[list].map(([title, problem]) => ({ title, problem })))
    .filter((task) => [task.title, nameOf(task)].some((text) => text.toLowerCase().includes(word)));
}
