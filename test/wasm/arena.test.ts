import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryError } from '../../src/errors.js';
import { Arena } from '../../src/wasm/arena.js';
import { GrowingMemory } from '../../src/wasm/memory.js';
import { propertyRuns } from '../support/arbitraries.js';

const PAGE = 65536;
const memory = (maximum = 65536, cap?: number) =>
  new GrowingMemory(new WebAssembly.Memory({ initial: 1, maximum }), cap);

describe('arena', () => {
  it('gives back what a failed attempt took, and nothing else', () => {
    const arena = new Arena(memory());
    const before = arena.keep(100);
    const attempt = () =>
      arena.attempt(() => {
        arena.keep(1000);
        arena.scratch(50, () => arena.alloc(2000));
        arena.attempt(() => arena.keep(70));
        throw new Error('no');
      });
    const { used, kept } = arena.usage;
    expect(attempt).toThrow('no');
    expect(arena.usage).toMatchObject({ used, kept });
    expect(arena.attempt(() => arena.keep(10))).toBeGreaterThan(before);
    expect(arena.usage.kept).toBeGreaterThan(kept);
    arena.free(before);
    expect(arena.usage.kept).toBe(kept - 128 + 64);
  });

  it('hands out aligned blocks that do not overlap, whatever the order of giving back', () => {
    const step = fc.oneof(
      fc.record({ take: fc.integer({ min: 0, max: 300_000 }), keep: fc.boolean() }),
      fc.record({ give: fc.nat(20) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const arena = new Arena(memory());
        const live: { at: number; bytes: number; keep: boolean }[] = [];
        for (const s of steps) {
          if ('take' in s) {
            const at = s.keep ? arena.keep(s.take) : arena.alloc(s.take);
            expect(at % 16).toBe(0);
            expect(at).toBeGreaterThan(0);
            for (const other of live) expect(at + s.take <= other.at || other.at + other.bytes <= at).toBe(true);
            expect(at + s.take).toBeLessThanOrEqual(arena.usage.reserved - 64);
            live.push({ at, bytes: s.take, keep: s.keep });
          } else if (live.length > 0) {
            const [{ at, keep }] = live.splice(s.give % live.length, 1);
            if (keep) arena.release(at);
            else arena.free(at);
          }
        }
        for (const { at, keep } of live) keep ? arena.release(at) : arena.free(at);
        expect(arena.usage).toMatchObject({ used: 0, kept: 0 });
        // all neighbours were joined: the whole memory is one block again
        const { reserved } = arena.usage;
        arena.alloc(reserved - 128);
        expect(arena.usage.reserved).toBe(reserved);
      }),
      propertyRuns(200),
    );
  });

  it('counts what is in use, kept and reserved', () => {
    const arena = new Arena(memory());
    expect(arena.usage).toEqual({ used: 0, kept: 0, reserved: PAGE });
    const kept = arena.keep(100);
    const taken = arena.alloc(64);
    expect(arena.usage).toEqual({ used: 192, kept: 128, reserved: PAGE });
    arena.free(taken);
    arena.release(kept);
    expect(arena.usage).toEqual({ used: 0, kept: 0, reserved: PAGE });
  });

  it('gives scratch back when the work throws', () => {
    const arena = new Arena(memory());
    expect(() =>
      arena.scratch(1000, () => {
        throw new Error('work');
      }),
    ).toThrow('work');
    expect(arena.usage.used).toBe(0);
  });

  it.each([
    ['the cap', () => new Arena(memory(65536, 4 * PAGE))],
    ['the host', () => new Arena(memory(4))],
  ])('throws MemoryError with the numbers when %s refuses, and works on', (_, make) => {
    const arena = make();
    const held = arena.alloc(2 * PAGE);
    const before = arena.usage;
    expect(() => arena.alloc(3 * PAGE)).toThrow(MemoryError);
    expect(() => arena.alloc(3 * PAGE)).toThrow(/cannot take 196608 bytes: 131072 of \d+ reserved bytes are in use/);
    expect(arena.usage).toEqual(before);
    arena.free(held);
    expect(arena.alloc(3 * PAGE)).toBeGreaterThan(0);
  });

  it('refuses to pass 4 GiB', () => {
    const arena = new Arena(memory());
    expect(() => arena.alloc(2 ** 32)).toThrow(MemoryError);
    expect(() => arena.alloc(2 ** 40)).toThrow(MemoryError);
    expect(arena.usage).toEqual({ used: 0, kept: 0, reserved: PAGE });
  });

  it('refuses to take the same block back twice', () => {
    const arena = new Arena(memory());
    const at = arena.alloc(8);
    arena.free(at);
    expect(() => arena.free(at)).toThrow(MemoryError);
  });
});
