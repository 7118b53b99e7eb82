import { afterAll, describe, expect, it } from 'vitest';
import * as api from '../../src/index.js';
import { testCalls } from '../same/calls.js';
import { compare, outcome } from '../same/compare.js';
import { useBuild } from '../support/builds.js';
import { useThreads } from '../support/threads.js';

afterAll(() => void useThreads('strict'));

/** Every so many calls of the lists, another one for each number of threads. */
const EVERY = 7;

describe('the strict build', () => {
  const all = [...testCalls([api])];

  it.each([2, 3, 5])('gives the same bits with %i threads as with one', (threads) => {
    const trials = all.filter((_, i) => i % EVERY === threads % EVERY);
    useThreads('strict');
    useBuild('strict');
    const before = trials.map(({ run }) => outcome(() => run(api)));
    const team = useThreads('strict', threads);
    const differ: string[] = [];
    let shared = 0;
    for (const [i, { group, title, run }] of trials.entries()) {
      const steps = team?.steps ?? 0;
      const found = compare(
        before[i],
        outcome(() => run(api)),
      );
      if ((team?.steps ?? 0) > steps) shared++;
      if (found !== 'same' && found !== undefined) differ.push(`${group} ${title}: ${found}`);
    }
    expect(differ).toEqual([]);
    expect(team?.trouble).toBeUndefined();
    // what is compared has run on several threads
    expect(shared).toBeGreaterThan(trials.length / 10);
  });
});
