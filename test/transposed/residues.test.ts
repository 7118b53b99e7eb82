import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Axis, axesOf, borderCost, borderOf, residuesOf } from '../../src/algorithms/residues.js';
import { convTransposeProblem } from '../../src/shape/conv.js';

const axis = fc
  .record({
    input: fc.integer({ min: 1, max: 20 }),
    output: fc.integer({ min: 1, max: 9 }),
    kernel: fc.integer({ min: 1, max: 7 }),
    stride: fc.integer({ min: 1, max: 8 }),
    dilation: fc.integer({ min: 1, max: 6 }),
    padding: fc.integer({ min: 0, max: 12 }),
  })
  .map((drawn): Axis => drawn);

/**
 * Every (cell, position, tap) with cell = position * stride + tap * dilation - padding, counted from the definition.
 */
function meetings({ input, output, kernel, stride, dilation, padding }: Axis): string[] {
  const found: string[] = [];
  for (let o = 0; o < output; o++) {
    for (let k = 0; k < kernel; k++) {
      const cell = o * stride + k * dilation - padding;
      if (cell >= 0 && cell < input) found.push(`${cell} ${o} ${k}`);
    }
  }
  return found.sort();
}

describe('residue classes of an axis', () => {
  it('bring together what the definition does, each cell in one class, within the border', () => {
    fc.assert(
      fc.property(axis, (drawn) => {
        const residues = residuesOf(drawn);
        const [before, behind] = borderOf(residues, drawn);
        const cells: number[] = [];
        const found: string[] = [];
        for (const { first, count, taps, origin, step } of residues) {
          for (let q = 0; q < count; q++) {
            const cell = first + q * drawn.stride;
            cells.push(cell);
            for (const [j, tap] of taps.entries()) {
              const position = q + origin + j * step;
              expect(position).toBeGreaterThanOrEqual(-before);
              expect(position).toBeLessThan(drawn.output + behind);
              if (position >= 0 && position < drawn.output) found.push(`${cell} ${position} ${tap}`);
            }
          }
        }
        expect(cells.sort((a, b) => a - b)).toEqual(Array.from({ length: drawn.input }, (_, cell) => cell));
        expect(found.sort()).toEqual(meetings(drawn));
      }),
      { numRuns: 1000, seed: 20 },
    );
  });
});

describe('cost of the border', () => {
  it('is 1 where every product of the definition is made once', () => {
    const [n, ic, oc] = [1, 3, 4];
    expect(
      borderCost(convTransposeProblem(2, [n, ic, 7, 9], [ic, oc, 4, 2], { stride: [2, 2], padding: [1, 0] })),
    ).toBe(1);
  });

  it('counts the products with zeros: a 4 x 4 kernel over one position meets it 16 times for every cell of 16', () => {
    const problem = convTransposeProblem(2, [1, 3, 1, 1], [3, 4, 4, 4]);
    expect(borderCost(problem)).toBe(16);
    expect(axesOf(problem).map(({ input }) => input)).toEqual([1, 4, 4]);
  });
});
