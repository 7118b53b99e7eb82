import { beforeAll, describe, expect, it, vi } from 'vitest';
import { prepareConv2d, prepareConv3d } from '../../src/index.js';
import { convTable } from '../../src/plan/conv.js';
import { weightGradTable } from '../../src/plan/weight-grad.js';
import { convProblem } from '../../src/shape/conv.js';
import type { Rank } from '../../src/types.js';
import { host } from '../../src/wasm/host.js';
import { builds, useBuild } from '../support/builds.js';
import { parseCase } from '../support/cases.js';
import { realTensor } from '../support/data.js';
import { convOperands, convOptions } from '../support/problems.js';

/** Problems of several blocks, groups and passes over k. */
const cases = [
  'n2ic24ih37iw30_oc40kh3kw3_ph1pw1_bias',
  'ic520ih9iw11_oc40kh3kw3_ph1pw1_relu',
  'n2ic24ih37iw31_oc20kh3kw4_sh2sw2_ph1pw1_bias',
  'ic24ih19iw21_oc16kh3kw3_ph1pw1_g2_bias',
  'ic9ih70iw13_oc10kh9kw1_ph4',
  'n2ic8id5ih14iw13_oc8kd3kh3kw3_pd1ph1pw1',
];

const layouts = cases.flatMap((text) => [text, `${text}_nhwc`]);

/** Fails when `run` changes a byte of what `prepare` keeps. */
function expectOnlyRead<Kept>(prepare: () => Kept, run: (kept: Kept) => void): void {
  const { arena, exports } = host();
  const blocks: { at: number; bytes: number }[] = [];
  const keep = arena.keep.bind(arena);
  const spy = vi.spyOn(arena, 'keep').mockImplementation((bytes) => {
    const at = keep(bytes);
    blocks.push({ at, bytes });
    return at;
  });
  const kept = prepare();
  spy.mockRestore();
  const content = () => blocks.map(({ at, bytes }) => new Uint8Array(exports.memory.buffer).slice(at, at + bytes));
  const before = content();
  run(kept);
  expect(blocks.length).toBeGreaterThan(0);
  const isSame = content().every((bytes, i) => Buffer.compare(bytes, before[i]) === 0);
  expect(isSame, 'what is kept is as it was').toBe(true);
}

describe.each(builds)('a run only reads what its layer keeps, %s build', (build) => {
  beforeAll(() => useBuild(build));

  const rows = convTable.filter(({ name }) => name.startsWith('winograd'));
  const served = rows.flatMap((row) =>
    layouts.flatMap((text) => {
      const given = parseCase(text);
      const { x, weight } = convOperands(given);
      const problem = convProblem(given.rank as Rank, x.shape, weight.shape, convOptions(given));
      return row.refuses(problem) === null ? [[row.name, text] as const] : [];
    }),
  );

  it.each(served)('%s: %s', (algorithm, text) => {
    const given = parseCase(text);
    const { x, weight, bias } = convOperands(given, realTensor);
    const options = { ...convOptions(given), ...(bias && { bias }), algorithm };
    const prepare = (given.rank === 3 ? prepareConv3d : prepareConv2d) as typeof prepareConv2d;
    expectOnlyRead(
      () => prepare(weight, options as never, x.shape),
      (layer) => {
        layer.run(x);
        layer.dispose();
      },
    );
  });

  it.each(layouts)('weight gradient, winograd: %s', (text) => {
    const given = parseCase(text);
    const { x, weight } = convOperands(given);
    const problem = convProblem(given.rank as Rank, x.shape, weight.shape, convOptions(given));
    const row = weightGradTable.find(({ name }) => name === 'winograd');
    if (row?.refuses(problem) !== null) return;
    const bytes = [x.shape, problem.yShape, weight.shape].map((shape) => 4 * shape.reduce((a, b) => a * b, 1));
    expectOnlyRead(
      () => row.prepare(host(), problem),
      (kernel) => {
        const { arena } = host();
        arena.scratch(bytes[0] + bytes[1] + bytes[2] + kernel.scratchBytes, (at) => {
          kernel.run(at, at + bytes[0], at + bytes[0] + bytes[1], false, at + bytes[0] + bytes[1] + bytes[2]);
        });
        kernel.dispose();
      },
    );
  });
});
