import { afterAll, describe, expect, it } from 'vitest';
import * as api from '../../src/index.js';
import { COMMANDS_AT, CONTROL, CONTROL_BYTES } from '../../src/wasm/control.js';
import type { Step } from '../../src/wasm/crew.js';
import { Recorder } from '../../src/wasm/recorder.js';
import { Written } from '../../src/wasm/written.js';
import { useBuild } from '../support/builds.js';
import { integerTensor } from '../support/data.js';
import { useThreads } from '../support/threads.js';

afterAll(() => void useThreads('strict'));

describe('steps that were written down', () => {
  const control = new SharedArrayBuffer(CONTROL_BYTES);
  const words = new Int32Array(control);
  const recorder = new Recorder(control);
  const written = new Written(recorder, words);
  const step: Step<never> = { units: 2, run: () => {} };
  const commands = () => [...new Float64Array(control, COMMANDS_AT, recorder.length)];
  const write = (address: number) => {
    recorder.clear();
    recorder.words(address, [5]);
    words.set([0, 4], CONTROL.starts);
    written.keep(step, [64, 128], 256, 1);
    return commands();
  };

  it('are written again for the same operands, scratch and number of tasks', () => {
    const first = write(64);
    recorder.clear();
    recorder.words(0, [1, 2, 3]);
    words.fill(9, CONTROL.starts, CONTROL.starts + 2);
    expect(written.again(step, [64, 128], 256, 1)).toBe(true);
    expect(commands()).toEqual(first);
    expect([...words.slice(CONTROL.starts, CONTROL.starts + 2)]).toEqual([0, 4]);
  });

  it('are not for others, nor for another step', () => {
    write(64);
    expect(written.again(step, [64, 192], 256, 1)).toBe(false);
    expect(written.again(step, [0, 128], 256, 1)).toBe(false);
    expect(written.again(step, [64, 128], 320, 1)).toBe(false);
    expect(written.again(step, [64, 128], 256, 2)).toBe(false);
    expect(written.again({ ...step }, [64, 128], 256, 1)).toBe(false);
  });

  it('serve a layer whose operands move between calls', () => {
    useBuild('strict');
    const shape = [1, 24, 50, 44];
    const inputs = [1, 2].map((seed) => integerTensor(shape, seed));
    const weight = integerTensor([40, 24, 3, 3], 3);
    const expected = inputs.map((x) => api.conv2d(x, weight, { padding: 1 }).data);
    const team = useThreads('strict', 3);
    const layer = api.prepareConv2d(weight, { padding: 1 }, shape);
    const arena = api.arena();
    const inside = inputs.map(({ data }) => arena.from(data, shape));
    for (const at of [0, 0, 1, 1, 0]) {
      expect(layer.run(inside[at]).data).toEqual(expected[at]);
      expect(layer.run(inputs[at]).data).toEqual(expected[at]);
    }
    expect(team?.steps).toBeGreaterThan(9);
  });
});
