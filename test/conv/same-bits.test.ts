import { expect, it } from 'vitest';
import { conv1d, conv2d, conv3d, gemm, UnsupportedError } from '../../src/index.js';
import { convTable } from '../../src/plan/conv.js';
import { configure } from '../../src/wasm/host.js';
import { sizes } from '../gemm/cases.js';
import { settingOf } from '../support/builds.js';
import { parseCase } from '../support/cases.js';
import { realTensor } from '../support/data.js';
import { convOperands, convOptions } from '../support/problems.js';
import { convCases } from './cases.js';

const operators = [undefined, conv1d, conv2d, conv3d] as const;

/** Results of every call in the strict build for x86 and for aarch64, by the names they are given. */
function both(run: (keep: (name: string, call: () => { data: Float32Array }) => void) => void) {
  return (['strict', 'strict arm'] as const).map((build) => {
    const results = new Map<string, Buffer>();
    configure(settingOf(build));
    run((name, call) => {
      try {
        results.set(name, Buffer.from(call().data.slice().buffer));
      } catch (error) {
        if (!(error instanceof UnsupportedError)) throw error;
      }
    });
    return results;
  }) as [Map<string, Buffer>, Map<string, Buffer>];
}

function expectSame([x86, arm]: ReturnType<typeof both>): void {
  expect([...arm.keys()]).toEqual([...x86.keys()]);
  expect([...x86].filter(([name, bits]) => !arm.get(name)?.equals(bits)).map(([name]) => name)).toEqual([]);
}

it('strict convolutions give the same bits with the variants for x86 and for aarch64', () => {
  const served = new Set<string>();
  const results = both((keep) => {
    for (const text of convCases.flatMap((text) => [text, `${text}_nhwc`])) {
      const given = parseCase(text);
      const { x, weight, bias } = convOperands(given, realTensor);
      const options = { ...convOptions(given), ...(bias && { bias }) };
      const operator = operators[given.rank] as typeof conv2d;
      for (const { name } of convTable)
        keep(`${text} ${name}`, () => {
          const y = operator(x, weight, { ...options, algorithm: name } as never);
          served.add(name);
          return y;
        });
    }
  });
  expectSame(results);
  expect(served.size).toBe(convTable.length);
});

it('and so do strict products', () => {
  const results = both((keep) => {
    for (const [m, n, k] of sizes) keep(`${m} x ${n} x ${k}`, () => gemm(realTensor([m, k], 1), realTensor([k, n], 2)));
  });
  expectSame(results);
  expect(results[0].size).toBe(sizes.length);
});
