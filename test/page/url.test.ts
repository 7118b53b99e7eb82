import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as bench from '../../examples/page/src/bench/url.js';
import { defaults } from '../../examples/page/src/explorer/config.js';
import { firstPlace, type Place } from '../../examples/page/src/explorer/place.js';
import { readState, type State, writeState } from '../../examples/page/src/explorer/url.js';
import * as picture from '../../examples/page/src/picture/url.js';
import { configs } from './configs.js';

const index = fc.nat({ max: 99 });
const places: fc.Arbitrary<Place> = fc.record({
  side: fc.constantFrom('input', 'output'),
  channel: index,
  row: index,
  column: index,
});

const pace = fc.constantFrom('slow', 'normal', 'fast' as const);
const way = fc.constantFrom('gather', 'stamp' as const);
const first: State = { config: defaults, at: firstPlace, playing: false, pace: 'normal', way: 'gather' };

/** What the address does not hold, because it plays no part: the cells of padding under a rule. */
const held = ({ config, ...rest }: State): State => ({
  ...rest,
  config: { ...config, padding: config.rule === 'number' ? config.padding : defaults.padding },
});

describe('the address of the explorer', () => {
  it('holds every state', () => {
    fc.assert(
      fc.property(configs, places, fc.boolean(), pace, way, (config, at, playing, ...how) => {
        const state = held({ config, at, playing, pace: how[0], way: how[1] });
        const again = readState(new URLSearchParams(String(writeState(state))));
        expect(again).toEqual(state);
      }),
    );
  });

  it('is empty for the state that the page begins with', () => {
    expect(String(writeState(first))).toBe('');
    expect(readState(new URLSearchParams())).toEqual(first);
  });

  it('keeps what is no number, so that the page can say so', () => {
    const state = readState(new URLSearchParams('k=abc&i=5x&ic=1e9'));
    expect(state.config.kernel).toEqual([Number.NaN, Number.NaN]);
    expect(state.config.input).toEqual([5, Number.NaN]);
    expect(state.config.ic).toBe(1e9);
    expect(readState(writeState(state))).toEqual(state);
    expect(String(writeState(state))).not.toContain('NaN');
  });

  it('has numbers that were typed, and drops what is none', () => {
    const { config } = readState(new URLSearchParams('x=0.1.2_-3+1.0.0_0.5+0.0.0_1e9+0.0_1+junk&w=0.0.0_1000'));
    expect([...config.xEdits]).toEqual([
      ['0.1.2', -3],
      ['1.0.0', 0.5],
    ]);
    expect(config.weightEdits.size).toBe(0);
  });

  it('has the usual state for words that it does not know', () => {
    const state = readState(new URLSearchParams('op=toString&mode=mirror&at=x1.2&fill=&p=constructor'));
    expect(state.config).toMatchObject({ operator: 'conv', mode: 'zeros', fill: 'digits', rule: 'number' });
    expect(state.at).toEqual(firstPlace);
  });
});

describe('the addresses of the other views', () => {
  it('hold the picture', () => {
    for (const filter of ['blur', 'edges', 'bank', 'half', 'network'] as const) {
      for (const width of ['240', '640'] as const) {
        const state: picture.State = { filter, width, build: 'strict' };
        expect(picture.readState(picture.writeState(state))).toEqual(state);
      }
    }
    expect(picture.readState(new URLSearchParams('filter=toString&width=9'))).toEqual(picture.defaults);
  });

  it('hold the benchmark', () => {
    const subset = <T>(words: readonly T[]) => fc.subarray([...words]);
    fc.assert(
      fc.property(
        fc.record({
          builds: subset(['strict', 'relaxed', 'plain', 'tfjs'] as const),
          tunes: subset(['auto', 'x86', 'arm'] as const),
          lists: subset(['layers', 'networks', 'scaling'] as const),
          threads: subset([1, 2, 3, 16] as const),
          layout: fc.constantFrom('NHWC', 'NCHW'),
          memory: fc.constantFrom('arena', 'heap'),
          repetitions: fc.integer({ min: 1, max: 99 }),
          filter: fc.string(),
        }),
        (state) => {
          expect(bench.readState(new URLSearchParams(String(bench.writeState(state as bench.State))))).toEqual(state);
        },
      ),
    );
    expect(bench.readState(new URLSearchParams('n=0'))).toEqual(bench.defaults);
    expect(bench.readState(new URLSearchParams('t=2,0,2,x,65,1.5,4')).threads).toEqual([2, 4]);
  });
});
