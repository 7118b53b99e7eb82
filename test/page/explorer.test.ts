import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equivalentOf } from '../../examples/page/src/explorer/equivalent.js';
import { type Evaluation, evaluate } from '../../examples/page/src/explorer/evaluate.js';
import { examples } from '../../examples/page/src/explorer/examples.js';
import { formulaOf } from '../../examples/page/src/explorer/formula.js';
import { gradientsOf } from '../../examples/page/src/explorer/gradients.js';
import { drawnAt, feeds, reads } from '../../examples/page/src/explorer/links.js';
import { marksOf } from '../../examples/page/src/explorer/marks.js';
import { matrixOf } from '../../examples/page/src/explorer/matrix.js';
import { cellAfter } from '../../examples/page/src/explorer/moves.js';
import { overlapOf } from '../../examples/page/src/explorer/overlap.js';
import { flat, type Place, step } from '../../examples/page/src/explorer/place.js';
import { stampedOf } from '../../examples/page/src/explorer/stamp.js';
import { groupOf, partsOf, sentence, weightNames, weightPlane } from '../../examples/page/src/explorer/terms.js';
import { Trouble } from '../../examples/page/src/explorer/trouble.js';
import { readState } from '../../examples/page/src/explorer/url.js';
import { windowOf } from '../../examples/page/src/explorer/window.js';
import { multiply, transpose } from '../../src/matrix.js';
import { expectExact } from '../support/bounds.js';
import { config, configs } from './configs.js';
import { definition } from './definition.js';

const RUNS = 150 * Number(process.env.STRIDEWISE_LONG ?? 1);

/** Runs a check on configurations that make sense. */
const whenever = (check: (e: Evaluation) => void, runs = RUNS) => {
  let seen = 0;
  fc.assert(
    fc.property(configs, (drawn) => {
      let e: Evaluation;
      try {
        e = evaluate(drawn);
      } catch (error) {
        expect(error).toBeInstanceOf(Trouble);
        return;
      }
      seen++;
      check(e);
    }),
    { numRuns: runs },
  );
  expect(seen).toBeGreaterThan(runs / 4);
};

const extentsOf = ({ shape: [, channels, rows, columns] }: { shape: readonly number[] }) => ({
  channels,
  rows,
  columns,
});
const places = (e: Evaluation, side: Place['side']): Place[] => {
  const extents = extentsOf(side === 'output' ? e.y : e.x);
  const first: Place = { side, channel: 0, row: 0, column: 0 };
  return Array.from({ length: extents.channels * extents.rows * extents.columns }, (_, i) => step(first, extents, i));
};
/** Means are exact where they divide by a power of two. */
const isExact = ({ config: { operator, kernel } }: Evaluation) =>
  operator !== 'avg' || [1, 2, 4, 8, 16].includes(kernel[0] * kernel[1]);
/** A window without a cell has no row in a matrix: its maximum is no number of the input. */
const withoutEmpty = (values: ArrayLike<number>) => Array.from(values, (v) => (v === -Infinity ? 0 : v));

describe('a configuration', () => {
  it('has the output of the definition, and its size by the formula', () => {
    whenever((e) => {
      const wanted = definition(e.config, e.x, e.weight);
      expectExact(e.y, wanted);
      const isSame = e.config.operator === 'transposed' && e.config.rule.startsWith('same');
      if (!isSame) expect(formulaOf(e.config).map(({ result }) => result)).toEqual(e.y.shape.slice(2));
    });
  });

  it('has links along which the drawn input makes the output', () => {
    whenever((e) => {
      if (!e.weight) return;
      const [, , rows, columns] = e.drawn.shape;
      const taps = e.config.kernel[0] * e.config.kernel[1];
      for (const at of places(e, 'output')) {
        let sum = 0;
        for (const input of groupOf(e, at).inputs) {
          for (const { tap, cell } of reads(e.axes, at.row, at.column, e.config.kernel[1])) {
            sum +=
              e.drawn.data[input * rows * columns + cell] *
              e.weight.data[weightPlane(e, input, at.channel) * taps + tap];
          }
        }
        expect(sum).toBe(e.y.data[flat(at, extentsOf(e.y))] + 0);
      }
    }, 60);
  });

  it('has links that lead back', () => {
    whenever((e) => {
      const kw = e.config.kernel[1];
      const there = new Set<string>();
      const back = new Set<string>();
      const [, , rows, columns] = e.y.shape;
      for (let o = 0; o < rows * columns; o++) {
        for (const { tap, cell } of reads(e.axes, Math.floor(o / columns), o % columns, kw))
          there.add([o, tap, cell].join());
      }
      for (let cell = 0; cell < e.drawn.shape[2] * e.drawn.shape[3]; cell++) {
        for (const { tap, cell: o } of feeds(e.axes, cell, kw)) back.add([o, tap, cell].join());
      }
      expect(back).toEqual(there);
    }, 60);
  });

  it('draws each input cell where its numbers are', () => {
    whenever((e) => {
      for (const at of places(e, 'input')) {
        const drawn = drawnAt(e.axes, at.row, at.column);
        expect(drawn.length).toBeGreaterThan(0);
        const plane = e.drawn.shape[2] * e.drawn.shape[3];
        for (const cell of drawn)
          expect(e.drawn.data[at.channel * plane + cell]).toBe(e.x.data[flat(at, extentsOf(e.x))]);
      }
    }, 60);
  });

  it('has a matrix that makes the output', () => {
    whenever((e) => {
      if (!isExact(e)) return;
      const { matrix, isTransposed } = matrixOf(e);
      expectExact(multiply(isTransposed ? transpose(matrix) : matrix, e.x.data), withoutEmpty(e.y.data));
    });
  });

  it('has the gradients that its matrix has', () => {
    whenever((e) => {
      const { matrix, isTransposed } = matrixOf(e);
      const toOutput = isTransposed ? transpose(matrix) : matrix;
      const one = (at: Place, like: { data: Float32Array; shape: readonly number[] }) => {
        const data = new Float32Array(like.data.length);
        data[flat(at, extentsOf(like))] = 1;
        return data;
      };
      const pick = (side: Place['side']) => places(e, side).filter((_, i) => i % 7 === 0);
      for (const at of pick('output')) {
        const row = multiply(transpose(toOutput), one(at, e.y));
        expectExact(gradientsOf(e, at).x!.data, row);
      }
      for (const at of pick('input')) {
        const column = multiply(toOutput, one(at, e.x));
        expectExact(gradientsOf(e, at).y!.data, column);
      }
    }, 40);
  });

  it('has gradients of the weights whose products sum to the output', () => {
    whenever((e) => {
      if (!e.weight) return;
      for (const at of places(e, 'output').filter((_, i) => i % 5 === 0)) {
        const { weight } = gradientsOf(e, at);
        const sum = weight!.data.reduce((total, v, i) => total + v * e.weight!.data[i], 0);
        expect(sum + 0).toBe(e.y.data[flat(at, extentsOf(e.y))] + 0);
      }
    }, 40);
  });

  it('is the direct convolution that the page shows beside a transposed one', () => {
    fc.assert(
      fc.property(configs, (drawn) => {
        let e: Evaluation;
        try {
          e = evaluate({ ...drawn, operator: 'transposed' });
        } catch {
          return;
        }
        const { y, stretched, sources } = equivalentOf(e);
        expectExact(y, e.y);
        expect(sources.length).toBe(stretched.shape[2] * stretched.shape[3]);
      }),
      { numRuns: RUNS },
    );
  });

  it('counts as many overlaps as there are links', () => {
    whenever((e) => {
      const overlap = overlapOf(e);
      const [, , rows, columns] = e.y.shape;
      let links = 0;
      for (let o = 0; o < rows * columns; o++) {
        for (const { cell } of reads(e.axes, Math.floor(o / columns), o % columns, e.config.kernel[1])) {
          const [row, column] = [Math.floor(cell / e.drawn.shape[3]), cell % e.drawn.shape[3]];
          if (e.axes[0].sources[row] >= 0 && e.axes[1].sources[column] >= 0) links++;
        }
      }
      expect(overlap.data.reduce((a, b) => a + b, 0)).toBe(links);
    });
  });

  it('has a sentence for every cell', () => {
    whenever((e) => {
      for (const at of [...places(e, 'output'), ...places(e, 'input')].filter((_, i) => i % 11 === 0)) {
        expect(sentence(e, at)).toMatch(/^[xy]\[\d+, \d+, \d+\] = \S/);
      }
    }, 40);
  });
});

describe('the overlap', () => {
  it('is the checkerboard where the stride does not divide the kernel', () => {
    const e = evaluate(config({ operator: 'transposed', input: [3, 3], stride: [2, 2], padding: [0, 0] }));
    expect([...overlapOf(e).data.subarray(0, 14)]).toEqual([1, 1, 2, 1, 2, 1, 1, 1, 1, 2, 1, 2, 1, 1]);
  });
});

describe('the names of the weights', () => {
  it('follow the order in which the weights lie', () => {
    whenever((e) => {
      if (!e.weight) return;
      const names = weightNames(e.config);
      const turnedNames = weightNames(e.config, true);
      expect(names).toHaveLength(e.weight.shape[0] * e.weight.shape[1]);
      expect([...turnedNames].sort()).toEqual([...names].sort());
      for (const at of places(e, 'output')) {
        for (const input of groupOf(e, at).inputs) {
          expect(names[weightPlane(e, input, at.channel)]).toBe(`input ${input} → output ${at.channel}`);
        }
      }
    }, 60);
  });
});

describe('the sentence', () => {
  it('writes the sum out', () => {
    const e = evaluate(config({ input: [1, 2], kernel: [1, 2], padding: [0, 0], fill: 'counting' }));
    expect(sentence(e, { side: 'output', channel: 0, row: 0, column: 0 })).toBe('y[0, 0, 0] = 1·1 + 2·2 = 5');
    expect(sentence(e, { side: 'input', channel: 0, row: 0, column: 1 })).toBe('x[0, 0, 1] = 2 feeds 1 output cell');
  });

  it('leaves padding out of a maximum', () => {
    const e = evaluate(config({ operator: 'max', input: [1, 2], kernel: [1, 2], padding: [0, 1], fill: 'counting' }));
    expect(sentence(e, { side: 'output', channel: 0, row: 0, column: 0 })).toBe('y[0, 0, 0] = max(1) = 1');
  });
});

describe('numbers that were typed', () => {
  it('stand where they were typed, and nowhere else', () => {
    const plain = evaluate(config({ ic: 2 }));
    const e = evaluate(config({ ic: 2, xEdits: new Map([['1.0.3', 7]]), weightEdits: new Map([['1.2.0', -5]]) }));
    const changed = (a: Float32Array, b: Float32Array) => [...a.keys()].filter((i) => a[i] !== b[i]);
    expect(changed(e.x.data, plain.x.data)).toEqual([25 + 3]);
    expect(e.x.data[28]).toBe(7);
    expect(changed(e.weight!.data, plain.weight!.data)).toEqual([9 + 6]);
    expect(e.weight!.data[15]).toBe(-5);
  });

  it('wait while there is no place for them', () => {
    const xEdits = new Map([['0.4.0', 7]]);
    expect(evaluate(config({ input: [4, 4], xEdits })).x.data).toEqual(evaluate(config({ input: [4, 4] })).x.data);
    expect(evaluate(config({ xEdits })).x.data[20]).toBe(7);
  });
});

describe('stamps', () => {
  it('are the output when all are there, and each adds what it feeds', () => {
    whenever((drawn) => {
      if (drawn.config.operator !== 'transposed') return;
      const all = places(drawn, 'input');
      expectExact(stampedOf(drawn, all[all.length - 1]).y, drawn.y);
      let before = new Float32Array(drawn.y.data.length);
      for (const at of all) {
        const { y, layers } = stampedOf(drawn, at);
        const lit = marksOf(drawn, at).output;
        y.data.forEach((value, i) => {
          if (!lit.has(i)) expect(value).toBe(before[i]);
          else expect(layers.data[i]).toBeGreaterThan(0);
        });
        before = y.data as Float32Array<ArrayBuffer>;
      }
    }, 60);
  });

  it('say how many lie on each other', () => {
    const e = evaluate(config({ operator: 'transposed', input: [2, 2], stride: [2, 2], padding: [0, 0] }));
    const said = (column: number) =>
      stampedOf(e, { side: 'input', channel: 0, row: 0, column })
        .parts.map(({ text }) => text)
        .join('');
    expect(said(0)).toMatch(/stamped on 9 cells, nothing was there$/);
    expect(said(1)).toMatch(/stamped on 9 cells, 3 hold earlier stamps: they add up$/);
  });
});

describe('the window', () => {
  it('of a pool holds the numbers that the output comes from', () => {
    whenever((e) => {
      if (e.config.operator !== 'max') return;
      for (const at of places(e, 'output')) {
        const { planes } = windowOf(e, at);
        const shown = Array.from(planes.values).filter((value, tap) => planes.text!(value, tap, 0) !== '');
        const { winner } = marksOf(e, at);
        const value = e.y.data[flat(at, extentsOf(e.y))];
        expect(Math.max(...shown)).toBe(value);
        if (winner !== undefined) expect(planes.values[winner]).toBe(value);
      }
    }, 60);
  });

  it('of a convolution holds the weights of the terms', () => {
    const e = evaluate(config({ ic: 2, oc: 2 }));
    const at: Place = { side: 'output', channel: 1, row: 2, column: 2 };
    const { planes, weightPlanes } = windowOf(e, at);
    expect(weightPlanes).toEqual([2, 3]);
    expect(Array.from(planes.values)).toEqual([...e.weight!.data.subarray(18)]);
    const weights = partsOf(e, at).flatMap((part) => (part.of === 'weight' ? [part.value] : []));
    expect(weights).toEqual(Array.from(planes.values));
  });
});

describe('keys', () => {
  const planes = { rows: 2, columns: 3, channels: 2 };
  it.each([
    ['ArrowLeft', 4, 3],
    ['ArrowLeft', 3, 3],
    ['ArrowRight', 4, 5],
    ['ArrowUp', 7, 4],
    ['ArrowDown', 4, 7],
    ['ArrowDown', 10, 10],
    ['Home', 8, 6],
    ['End', 6, 8],
    ['PageUp', 10, 1],
    ['PageDown', 1, 10],
    ['x', 1, undefined],
  ])('%s leads from cell %i to %s', (key, at, to) => {
    expect(cellAfter(key, at, planes)).toBe(to);
  });
});

describe('the examples', () => {
  it.each(examples)('$name opens with one sentence', ({ href, caption }) => {
    expect(caption).toMatch(/^[A-Z][^.]*\.$/);
    const { config: shown } = readState(new URLSearchParams(href));
    if (href.includes('k=7')) expect(() => evaluate(shown)).toThrow(Trouble);
    else expect(() => evaluate(shown)).not.toThrow();
  });
});
