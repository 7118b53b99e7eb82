import { expect, it } from 'vitest';
import { weightGradTable } from '../../src/plan/weight-grad.js';
import { configure } from '../../src/wasm/host.js';
import { convCases } from '../conv/cases.js';
import { parseCase } from '../support/cases.js';
import { realTensor } from '../support/data.js';
import { weightGradCases } from './cases.js';
import { operators } from './operators.js';

it('the strict build gives the same bits whatever tiles the engine takes', () => {
  const { operands, options, problem, weightGrad } = operators.conv;
  const served = new Set<string>();
  for (const text of [...weightGradCases, ...convCases].flatMap((text) => [text, `${text}_nhwc`])) {
    const given = parseCase(text);
    const { x, weight } = operands(given, realTensor);
    const gradY = realTensor(problem(given).yShape, 5);
    for (const { name, refuses } of weightGradTable) {
      if (refuses(problem(given)) !== null) continue;
      const [four, ...others] = ([4, 6, 8] as const).map((tileRows) => {
        configure({ simd: 'strict', tileRows });
        return weightGrad(given)(x, gradY, weight.shape, { ...options(given), algorithm: name } as never).data;
      });
      for (const other of others)
        expect(Buffer.from(four.buffer).equals(Buffer.from(other.buffer)), `${text} ${name}`).toBe(true);
      served.add(name);
    }
  }
  expect([...served].sort()).toEqual(weightGradTable.map(({ name }) => name).sort());
});
