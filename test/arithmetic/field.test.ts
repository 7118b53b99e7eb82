import fc from 'fast-check';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { type FieldLayer, receptiveField } from '../../src/arithmetic.js';
import { windowsOver } from '../reference/windows.js';
import { propertyRuns } from '../support/arbitraries.js';

const int = (min: number, max: number) => fc.integer({ min, max });

const layer: fc.Arbitrary<FieldLayer<number>> = fc.record({
  kernelSize: int(1, 4),
  stride: int(1, 3),
  dilation: int(1, 2),
  padding: fc.oneof(
    fc.constantFrom('valid' as const, 'same' as const, 'same-lower' as const, 'full' as const),
    fc.tuple(int(0, 2), int(0, 2)).map((pair) => [pair]),
  ),
});

/** Cells of the input that cell `at` of the last output reads, tap by tap; null for padding. */
function cellsRead(layers: readonly FieldLayer<number>[], input: number, at: number): (number | null)[] {
  let size = input;
  const windows = layers.map((options) => {
    const { axes, output } = windowsOver([size], [options.kernelSize], options);
    size = output[2];
    return axes[2];
  });
  let cells: (number | null)[] = [at];
  for (const window of windows.reverse()) {
    cells = [...new Set(cells.flatMap((cell) => (cell === null ? [null] : window[cell].map((tap) => tap.cell))))];
  }
  return cells;
}

describe('receptiveField', () => {
  test('spans the cells that an output cell reads', () => {
    fc.assert(
      fc.property(fc.array(layer, { minLength: 1, maxLength: 4 }), int(700, 720), (layers, inputSize) => {
        const fields = receptiveField(layers, { inputSize });
        fields.forEach(({ size, jump, start }, l) => {
          // Four layers pad at most 240 cells and span at most 241, with a jump of at most 81: nothing read there is
          // padding.
          for (const at of [Math.ceil(250 / jump), Math.ceil(250 / jump) + 1]) {
            const cells = cellsRead(layers.slice(0, l + 1), inputSize, at).map((cell) => cell ?? Number.NaN);
            expect([Math.min(...cells), Math.max(...cells)]).toEqual([start + at * jump, start + at * jump + size - 1]);
          }
        });
      }),
      propertyRuns(),
    );
  });

  // Receptive field, effective stride and effective padding as Araujo, Norris and Sim print them (Distill, 2019, table
  // 1).
  const conv = (kernelSize: number, stride = 1) => ({ kernelSize, stride, padding: (kernelSize - 1) / 2 });
  const times = <T>(count: number, one: T): T[] => new Array<T>(count).fill(one);
  const pool = { kind: 'pool', kernelSize: 2 } as const;
  test('VGG-16', () => {
    const layers = [2, 2, 3, 3, 3].flatMap((convs) => [...times(convs, conv(3)), pool]);
    expect(receptiveField(layers).at(-1)).toEqual({ size: 212, jump: 32, start: -90 });
  });

  test('ResNet-v1-50', () => {
    const blocks = [3, 4, 6].flatMap((units) => [...times(units - 1, conv(3)), conv(3, 2)]);
    const layers = [conv(7, 2), { kind: 'pool', ...conv(3, 2) } as const, ...blocks, ...times(3, conv(3))];
    expect(receptiveField(layers).at(-1)).toEqual({ size: 483, jump: 32, start: -241 });
  });

  test('MobileNet-v1', () => {
    const strides = [2, 1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1];
    const fields = receptiveField(
      strides.map((stride) => ({ kernelSize: 3, stride, padding: 'same' as const })),
      { inputSize: 224 },
    );
    expect(fields.at(-1)).toMatchObject({ size: 315, jump: 32 });
  });

  test('one record per layer; lists for lists, and one number for all axes beside them', () => {
    const fields = receptiveField(
      [
        { kernelSize: [3, 5], stride: [1, 2], padding: 'same-lower', dilation: [2, 1] },
        {
          kernelSize: [1, 2],
          padding: [
            [0, 1],
            [2, 0],
          ],
        },
      ],
      { inputSize: 9 },
    );
    expect(fields).toEqual([
      { size: [5, 5], jump: [1, 2], start: [-2, -2] },
      { size: [5, 7], jump: [1, 2], start: [-2, -6] },
    ]);
    expectTypeOf(fields[0].size).toEqualTypeOf<[number, number]>();
    expectTypeOf(receptiveField([{ kernelSize: 3 }])[0].start).toEqualTypeOf<number>();
    expect(receptiveField([])).toEqual([]);
  });

  test('with stride 1, same needs no input size', () => {
    expect(receptiveField([{ kernelSize: 4, padding: 'same' }])).toEqual([{ size: 4, jump: 1, start: -1 }]);
    expect(receptiveField([{ kernelSize: 4, padding: 'same-lower' }])).toEqual([{ size: 4, jump: 1, start: -2 }]);
  });

  test('a pool steps by its kernel, and ceilMode counts its last window', () => {
    const layers = [
      { kind: 'pool', kernelSize: 3, ceilMode: true },
      { kernelSize: 3, stride: 2, padding: 'same' },
    ] as const;
    // 10 cells make 4 windows, which pad to the end alone; without ceilMode 3, which pad at both ends.
    expect(receptiveField(layers, { inputSize: 10 })[1]).toEqual({ size: 9, jump: 6, start: 0 });
    const floored = layers.map((one) => ({ ...one, ceilMode: false }));
    expect(receptiveField(floored, { inputSize: 10 })[1]).toEqual({ size: 9, jump: 6, start: -3 });
  });
});
