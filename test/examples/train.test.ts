// The training example as its user meets it: a child process, files, exit codes, messages.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandOf, type Ended } from '../support/command.js';

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'stridewise-train-'));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const train = (...args: string[]) => commandOf('examples/train/main.js', scratch)(...args);

const open = (...path: string[]) => PNG.sync.read(readFileSync(join(scratch, ...path)));

describe('options', () => {
  test('--help says what there is', async () => {
    const { code, stdout, stderr } = await train('--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const word of [
      '--seed N',
      '--simd BUILD',
      '--epochs N',
      '--images N',
      '--out DIR',
      '--help',
      'filters.png',
      'segments.png',
    ]) {
      expect(stdout).toContain(word);
    }
  });

  test.each([
    [['--size', '3'], '--size'],
    [['digits.png'], 'digits.png'],
    [['--seed'], '--seed'],
    [['--seed', '1.5'], '--seed 1.5: expected an integer from 0 to'],
    [['--seed', '4294967296'], '--seed 4294967296: expected'],
    [['--epochs', '0'], '--epochs 0: expected an integer from 1 to 1000'],
    [['--epochs', ''], '--epochs : expected'],
    [['--images', '9'], '--images 9: expected an integer from 10 to'],
    [['--images', '1e3'], '--images 1e3: expected'],
    [['--simd', 'Strict'], '--simd Strict: expected auto, strict or relaxed'],
  ])('%j is refused', async (args, named) => {
    const { code, stdout, stderr } = await train(...args, '--out', 'refused');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^.+ \(npm run train -- --help lists the options\)\n$/);
    expect(stderr).toContain(named);
    expect(existsSync(join(scratch, 'refused'))).toBe(false);
  });

  test('a folder that is a file', async () => {
    writeFileSync(join(scratch, 'file'), '');
    const { code, stdout, stderr } = await train('--images', '10', '--out', 'file');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^cannot write to file: .+\n$/);
  });

  test('a result that is a folder', async () => {
    mkdirSync(join(scratch, 'blocked', 'filters.png'), { recursive: true });
    const { code, stderr } = await train('--images', '10', '--epochs', '1', '--out', 'blocked');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^cannot write .*filters\.png: .+\n$/);
  });
});

describe('a short run', () => {
  const args = ['--images', '400', '--epochs', '3', '--simd', 'strict'];
  /** What must be the same in every run: everything but the times. */
  const lasting = (stdout: string) => stdout.replace(/, learnt in .+/g, '').replace(/(?<=wrote )\S+\//g, '');
  let first: Ended;
  beforeAll(async () => {
    first = await train(...args, '--out', join('new', 'first'));
  });

  test('says what it does, and promises nothing', () => {
    const { code, stdout, stderr } = first;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      /^simd build, Node \d.*, seed 1\n\nReading digits: 400 pictures of 28×28 to learn from, 40 others to be tested on\n/,
    );
    expect(stdout).toContain(
      '\nFinding digits in noise: 80 pictures of 48×48 to learn from, 40 others to be tested on\n',
    );
    expect(stdout).toMatch(/\naccuracy in the test \d+\.\d %, learnt in \d+\.\d s, 48 steps of \d+\.\d\d ms\n/);
    expect(stdout).toMatch(/\noverlap in the test \d+\.\d %, learnt in \d+\.\d s, 12 steps of \d+\.\d\d ms\n/);
    expect(stdout).toMatch(/\nfor comparison, the best single threshold of brightness: \d+\.\d %\n/);
  });

  test('learns: the loss falls from epoch to epoch', () => {
    const tables = first.stdout.split('Finding');
    for (const table of tables) {
      const losses = [...table.matchAll(/^ +\d +(\d+\.\d{6}) +\d+\.\d % +\d+\.\d %$/gm)].map((match) =>
        Number(match[1]),
      );
      expect(losses).toHaveLength(3);
      expect(losses).toEqual([...losses].sort((a, b) => b - a));
    }
  });

  test('counts every test picture in the confusion table', () => {
    const rows = [...first.stdout.matchAll(/^drawn (\d)((?: +(?:\d+|·)){10})$/gm)];
    expect(rows.map((row) => row[1]).join('')).toBe('0123456789');
    const counts = rows.map((row) =>
      row[2]
        .trim()
        .split(/ +/)
        .map((cell) => (cell === '·' ? 0 : Number(cell))),
    );
    for (const row of counts) expect(row.reduce((a, b) => a + b)).toBe(4);
    const right = counts.reduce((sum, row, digit) => sum + row[digit], 0);
    expect(first.stdout).toContain(`accuracy in the test ${((100 * right) / 40).toFixed(1)} %,`);
  });

  test('writes the filters and the digits found', () => {
    expect(readdirSync(join(scratch, 'new', 'first')).sort()).toEqual(['filters.png', 'segments.png']);
    const filters = open('new', 'first', 'filters.png');
    // Eight filters of 5×5 weights, four in a row, a weight 24 pixels wide, lines of two pixels.
    expect([filters.width, filters.height]).toEqual([4 * 122 + 2, 2 * 122 + 2]);
    const segments = open('new', 'first', 'segments.png');
    // Ten digits, a pixel two pixels wide: the pictures, the pixels found, the true ones.
    expect([segments.width, segments.height]).toEqual([10 * 98 + 2, 3 * 98 + 2]);
    const levels = (row: number) => {
      const from = 4 * segments.width * (row * 98 + 2);
      return new Set(Array.from({ length: 96 * segments.width }, (_, i) => segments.data[from + 4 * i])).size;
    };
    expect([levels(0) > 100, levels(1) > 100, levels(2)]).toEqual([true, true, 2]);
  });

  test('is the same again with the same seed, to the last digit and bit', async () => {
    const { code, stdout } = await train(...args, '--out', 'second');
    expect({ code, stdout: lasting(stdout) }).toEqual({ code: 0, stdout: lasting(first.stdout) });
    for (const file of ['filters.png', 'segments.png']) {
      expect(open('second', file).data.equals(open('new', 'first', file).data)).toBe(true);
    }
  });

  test('is another with another seed', async () => {
    const { code, stdout } = await train(...args, '--seed', '2', '--out', 'third');
    expect(code).toBe(0);
    expect(lasting(stdout).replace('seed 2', 'seed 1')).not.toBe(lasting(first.stdout));
  });

  test('of the fewest pictures', async () => {
    const { code, stdout, stderr } = await train('--images', '10', '--epochs', '1', '--seed', '0', '--out', 'tiny');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('10 pictures of 28×28 to learn from, 1 others');
    expect(open('tiny', 'segments.png').width).toBe(98 + 2);
  });
});
