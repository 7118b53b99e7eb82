import { describe, expect, test } from 'vitest';
import { blocksOf, holds, run } from './blocks.js';
import { pages, read } from './documents.js';

const blocks = pages.flatMap((page) => blocksOf(read(page)).map((block) => ({ page, ...block })));

test.each(blocks)('$page: the block at line $line runs and prints what it says', async (block) => {
  const prints = await run(block);
  expect(prints.filter((print) => !holds(print))).toEqual([]);
});

describe('the check itself', () => {
  const page =
    'text\n\n```js\nconst [a, b] = [4, 5];\nconsole.log([a, b]); // 4, 5\n```\n\n```sh\nls\n```\n\n```ts\nlet a: number = 1;\nconsole.log(a);\n```\n';

  test('finds blocks in js and ts, and their lines', () => {
    expect(blocksOf(page).map(({ line }) => line)).toEqual([4, 13]);
  });

  test('pairs prints with their comments, also in loops and over several lines', async () => {
    const code =
      'for (const i of [1, 2]) {\n  console.log(i); // 1\n}\nconsole.log(`a\nb`); // no call on one line\nconsole.log("a\\nb"); // c\n';
    expect(await run({ line: 10, code })).toEqual([
      { line: 11, printed: '1', promised: '1' },
      { line: 11, printed: '2\na\nb', promised: '1' },
      { line: 15, printed: 'a\nb', promised: 'c' },
    ]);
  });

  test('reports a block that fails', async () => {
    await expect(run({ line: 1, code: "import { conv9d } from 'stridewise';" })).rejects.toThrow('conv9d');
  });

  test.each([
    ['[ 1, 4, 4, 4 ]', '[ 1, 4, 4, 4 ]', true],
    ['[ 1, 4, 4, 4 ]', '[ 1, 4, 4, 5 ]', false],
    ['[ 1, 4, 4 ]', '[ 1, 4, 4, 4 ]', false],
    ['Float32Array(4) [ 1, -2, 0.5, 8 ]', '1 -2 0.5 8', true],
    ['Float32Array(4) [ 1, -2, 0.5, 8 ]', '1 2 0.5 8', false],
    ['Float32Array(2) [ 14, 20 ] Float32Array(2) [ 14, 20 ]', 'the convolution: 14 20', true],
    ['Float32Array(3) [ 14, 20, 1 ]', 'the convolution: 20 14', false],
    ['true', 'they commute: true', true],
    ['false', 'they commute: true', false],
    ['indirect', 'indirect', true],
    ['direct', 'indirect', false],
    ['anything', 'what the layer answers', true],
    ['anything', '', true],
    ['1e-7', '1e-7', true],
  ])('%s beside "%s": %s', (printed, promised, fits) => {
    expect(holds({ line: 1, printed, promised })).toBe(fits);
  });
});
