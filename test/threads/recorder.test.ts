import { describe, expect, it } from 'vitest';
import type { Kernels } from '../../src/wasm/boundary.js';
import { COMMANDS_AT, CONTROL_BYTES, FILL, located, MOST_COMMANDS, OWN, WORDS } from '../../src/wasm/control.js';
import { Recorder } from '../../src/wasm/recorder.js';

type Fake = Record<'first' | 'second', (...operands: number[]) => number>;

/** A recorder of two kernels, of which the second has number 1, and what it has written. */
function recorder() {
  const control = new SharedArrayBuffer(CONTROL_BYTES);
  const made = new Recorder(control);
  const called: number[][] = [];
  const kernels = { first: (...operands: number[]) => called.push(operands), second: () => 0 };
  const wrapped = made.wrap(kernels as unknown as Kernels) as unknown as Fake;
  const append = (run: (own: number) => void) =>
    made.append({ units: 1, run: (_operands, _begin, _end, own) => run(own) }, [], 0, 1, 0);
  return { made, called, wrapped, append, written: () => [...new Float64Array(control, COMMANDS_AT, made.length)] };
}

describe('a recorder', () => {
  it('writes kernel calls, words and fills down, and calls nothing', () => {
    const { made, called, wrapped, append, written } = recorder();
    const run = (own: number) => {
      wrapped.second(own + 8, -0.5, Infinity);
      made.words(64, [3, 4]);
      made.fill(128, 5, 0.25);
    };
    expect(append(run)).toBe(true);
    expect(written()).toEqual([1, 3, OWN + 8, -0.5, Infinity, WORDS, 3, 64, 3, 4, FILL, 3, 128, 5, 0.25]);
    expect(called).toEqual([]);
    expect(wrapped.first(7)).toBe(1);
    expect(called).toEqual([[7]]);
  });

  it('knows its place in the scratch of whoever runs it', () => {
    expect(located(OWN + 4096, 65536)).toBe(69632);
    expect(located(OWN, 4294967232)).toBe(4294967232);
    for (const operand of [0, 4294967295, -0.5, Infinity, -Infinity]) expect(located(operand, 64)).toBe(operand);
  });

  it('refuses what is made of an answer, and more than it has room for', () => {
    const { made, wrapped, append } = recorder();
    expect(append(() => wrapped.second(wrapped.first(1) + 4))).toBe(false);
    expect(made.on).toBe(false);
    expect(append(() => made.words(0, new Array(MOST_COMMANDS).fill(0)))).toBe(false);
    expect(append(() => made.refuse())).toBe(false);
  });

  it('numbers further kernels from where others end, and refuses those that workers do not have', () => {
    const { made, append, written } = recorder();
    const { third } = made.wrap({ third: () => 5 });
    const { fourth } = made.wrap({ fourth: () => 6 }, false);
    expect([third(), fourth()]).toEqual([5, 6]);
    expect(append(() => void third())).toBe(true);
    expect(written()).toEqual([2, 0]);
    expect(append(() => void fourth())).toBe(false);
  });

  it('lets other errors through', () => {
    const { made, append } = recorder();
    expect(() =>
      append(() => {
        throw new Error('mine');
      }),
    ).toThrow('mine');
    expect(made.on).toBe(false);
  });
});
