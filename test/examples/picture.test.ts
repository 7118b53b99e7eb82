// The example as its user meets it: a child process, files in and out, exit codes, messages.

import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Drawing, flat, kinds, oneRow } from './png.js';

const folder = fileURLToPath(new URL('../../examples/picture/', import.meta.url));
const results = ['bank.png', 'blur.png', 'edges.png', 'half.png'];
const layers = ['Gaussian blur', 'Sobel edges', 'Gabor, embossing', 'Half size'];

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'stridewise-picture-'));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

function node(script: string, ...args: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(folder, script), ...args], { cwd: scratch }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

let files = 0;
/** A file of these bytes, and a folder for results that does not exist yet. */
function given(bytes: Uint8Array | string): { file: string; out: string } {
  const name = join(scratch, `given-${files++}`);
  writeFileSync(`${name}.png`, bytes);
  return { file: `${name}.png`, out: join(name, 'results') };
}

const open = (...path: string[]) => PNG.sync.read(readFileSync(join(...path)));

/** Runs the example, expects success, opens what it wrote. */
async function pictures(bytes: Uint8Array) {
  const { file, out } = given(bytes);
  const { code, stdout, stderr } = await node('main.js', '--in', file, '--out', out);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(readdirSync(out).sort()).toEqual(results);
  return {
    blur: open(out, 'blur.png'),
    edges: open(out, 'edges.png'),
    bank: open(out, 'bank.png'),
    half: open(out, 'half.png'),
    stdout,
  };
}

type Picture = Pick<PNG, 'width' | 'height' | 'data'>;
const size = ({ width, height }: Picture) => [width, height];
const red = ({ width, data }: Picture, x: number, y: number) => data[4 * (y * width + x)];
const reds = (picture: Picture) =>
  Array.from({ length: picture.height }, (_, y) => Array.from({ length: picture.width }, (_, x) => red(picture, x, y)));
/** Every colour that occurs, as 'r,g,b,a'. */
const colours = ({ data }: Picture) =>
  new Set(Array.from({ length: data.length / 4 }, (_, i) => data.subarray(4 * i, 4 * i + 4).join()));

const turned = (drawing: Drawing): Drawing => [...drawing[0]].map((_, x) => drawing.map((row) => row[x]).join(''));

describe('options', () => {
  test('--help says what there is', async () => {
    const { code, stdout, stderr } = await node('main.js', '--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const word of ['--in FILE', '--out DIR', '--help', ...results]) expect(stdout).toContain(word);
  });

  test.each([
    [['--size', '3'], '--size'],
    [['-x'], '-x'],
    [['picture.png'], 'picture.png'],
    [['--in'], '--in'],
    [['--in', '--out', 'results'], '--in'],
    [['--help=yes'], '--help'],
  ])('%j is refused', async (args, named) => {
    const { code, stdout, stderr } = await node('main.js', ...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^.+ \(npm start -- --help lists the options\)\n$/);
    expect(stderr).toContain(named);
  });
});

describe('files that cannot be read', () => {
  const whole = flat(6, 5, [1, 2, 3]);
  const wrongCheck = Buffer.from(whole);
  wrongCheck[30] ^= 1;
  const noPalette = kinds.palette(['#.']);
  noPalette.write('teXt', noPalette.indexOf('PLTE'), 'latin1');

  test.each<[string, Uint8Array | string, RegExp]>([
    ['nothing', '', /not a PNG file/],
    ['text', 'a picture of a lake at dusk\n', /not a PNG file/],
    ['another format', Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'), /not a PNG file/],
    ['a signature', whole.subarray(0, 8), /ends too early/],
    ['a header', whole.subarray(0, 40), /ends too early/],
    ['all but the end', whole.subarray(0, -13), /ends too early/],
    ['all but the last byte', whole.subarray(0, -1), /ends too early/],
    ['a wrong checksum', wrongCheck, /broken PNG/],
    ['a palette picture without palette', noPalette, /broken PNG/],
    ['too few pixels', oneRow(3, 5), /too few pixels/],
    ['no pixels', oneRow(0, 5), /0×5 pixels/],
    ['four thousand million pixels', oneRow(65535, 65535), /65535×65535 pixels/],
  ])('%s', async (_, bytes, reason) => {
    const { file, out } = given(bytes);
    const { code, stdout, stderr } = await node('main.js', '--in', file, '--out', out);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^cannot read .+\n$/);
    expect(stderr).toContain(file);
    expect(stderr).toMatch(reason);
    expect(existsSync(out)).toBe(false);
  });

  test.each([
    ['a missing file', 'nowhere.png'],
    ['a folder', '.'],
  ])('%s', async (_, path) => {
    const { code, stdout, stderr } = await node('main.js', '--in', path, '--out', 'unused');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^cannot read .+\n$/);
    expect(existsSync(join(scratch, 'unused'))).toBe(false);
  });
});

describe('results that cannot be written', () => {
  test('the folder is a file', async () => {
    const { file } = given(flat(3, 2, [9, 9, 9]));
    const { code, stdout, stderr } = await node('main.js', '--in', file, '--out', file);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^cannot write to .+\n$/);
  });

  test('a result is a folder', async () => {
    const { file, out } = given(flat(3, 2, [9, 9, 9]));
    mkdirSync(join(out, 'edges.png'), { recursive: true });
    const { code, stderr } = await node('main.js', '--in', file, '--out', out);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^cannot write .+edges\.png.+\n$/);
  });

  test('the picture itself is never overwritten', async () => {
    const bytes = flat(3, 2, [9, 9, 9]);
    const file = join(scratch, 'half.png');
    writeFileSync(file, bytes);
    const { code, stderr } = await node('main.js', '--in', file, '--out', '.');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^.+half\.png would be overwritten: choose another --out\n$/);
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });
});

describe('results', () => {
  test('one colour stays that colour, has no edges, and no filter answers', async () => {
    const { blur, edges, bank, half } = await pictures(flat(23, 14, [200, 3, 90]));
    expect([size(blur), size(edges), size(half)]).toEqual([
      [23, 14],
      [23, 14],
      [12, 7],
    ]);
    expect(colours(blur)).toEqual(new Set(['200,3,90,255']));
    expect(colours(half)).toEqual(new Set(['200,3,90,255']));
    expect(colours(edges)).toEqual(new Set(['0,0,0,255']));
    expect(size(bank)).toEqual([8 * 24 + 1, 4 * 15 + 1]);
    expect(reds(bank)).toEqual(
      Array.from({ length: 61 }, (_, y) =>
        Array.from({ length: 193 }, (_, x) => (x % 24 === 0 || y % 15 === 0 ? 0 : 128)),
      ),
    );
  });

  const wall: Drawing = Array.from({ length: 9 }, () => '..........###');

  test('a step has its edge where it is', async () => {
    const row = [0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 0, 0];
    const upright = await pictures(kinds['grey, 8 bits'](wall));
    expect(reds(upright.edges)).toEqual(Array.from({ length: 9 }, () => row));
    const lying = await pictures(kinds['grey, 8 bits'](turned(wall)));
    expect(reds(lying.edges)).toEqual(row.map((level) => Array.from({ length: 9 }, () => level)));
  });

  test('a blurred step climbs as the Gaussian sums, a halved one as the binomial', async () => {
    const gaussian = Array.from({ length: 9 }, (_, i) => Math.exp(-((i - 4) ** 2) / 8));
    const total = gaussian.reduce((a, b) => a + b);
    const mirrored = (x: number) => 12 - Math.abs(12 - Math.abs(x));
    const blurred = Array.from({ length: 13 }, (_, x) => {
      const lit = gaussian.filter((_, i) => mirrored(x + i - 4) >= 10).reduce((a, b) => a + b, 0);
      return Math.round((255 * lit) / total);
    });
    const { blur, half } = await pictures(kinds['grey, 8 bits'](wall));
    expect(reds(blur)).toEqual(Array.from({ length: 9 }, () => blurred));
    // Columns 2i - 1 to 2i + 2 weigh 1 3 3 1.
    const halved = [0, 0, 0, 0, Math.round(255 / 8), Math.round((255 * 7) / 8), 255];
    expect(reds(half)).toEqual(Array.from({ length: 5 }, () => halved));
  });

  test('embossing is bright on one side of a bright square and dark on the other', async () => {
    const square: Drawing = Array.from({ length: 20 }, (_, y) =>
      (y < 5 || y > 14 ? '.' : '.....##########.....').padEnd(20, '.'),
    );
    const { bank } = await pictures(kinds['grey, 8 bits'](square));
    const tile = (column: number, row: number, x: number, y: number) =>
      red(bank, 21 * column + 1 + x, 21 * row + 1 + y);
    expect([tile(0, 3, 4, 10), tile(0, 3, 15, 10)]).toEqual([0, 255]);
    expect([tile(4, 3, 4, 10), tile(4, 3, 15, 10)]).toEqual([255, 0]);
    expect([tile(2, 3, 10, 4), tile(2, 3, 10, 15)]).toEqual([0, 255]);
    // Light along an edge leaves it grey.
    expect([tile(0, 3, 10, 4), tile(2, 3, 4, 10)]).toEqual([128, 128]);
    // Red against green answers nothing on grey.
    expect(tile(0, 2, 4, 10)).toBe(128);
  });

  test('the table names what ran', async () => {
    const { stdout } = await pictures(flat(30, 20, [1, 2, 3]));
    expect(stdout).toMatch(/^given-\d+\.png, 30×20 pixels; (simd|relaxed|debug) build, Node \d/);
    for (const layer of layers) {
      expect(stdout).toMatch(
        new RegExp(
          `^${layer} +\\d×\\d .+?  +[a-z][\\w-]+ +[\\d.]+ +[\\d.]+ +[\\d.]+ +[\\d.]+× +\\d\\.\\de[+-]\\d+$`,
          'm',
        ),
      );
    }
    expect(stdout).toMatch(/\nwrote .+blur\.png, .+edges\.png, .+bank\.png, .+half\.png\n$/);
  });

  test('every kind of PNG holds the same picture', async () => {
    const drawing: Drawing = [
      '#..##.#.#',
      '.##..#..#',
      '###.....#',
      '.#.#.##..',
      '..#.###.#',
      '#......##',
      '.##.#.#..',
    ];
    const found = await Promise.all(
      Object.values(kinds).map(async (kind) => (await pictures(kind(drawing))).blur.data.toString('hex')),
    );
    expect(Object.fromEntries(Object.keys(kinds).map((kind, i) => [kind, found[i]]))).toEqual(
      Object.fromEntries(Object.keys(kinds).map((kind) => [kind, found[0]])),
    );
  });

  test('what follows the end of a PNG does not matter', async () => {
    const { blur } = await pictures(Buffer.concat([flat(3, 2, [4, 5, 6]), Buffer.from('more')]));
    expect(colours(blur)).toEqual(new Set(['4,5,6,255']));
  });

  test.each([
    [1, 1],
    [2, 1],
    [1, 7],
    [3, 2],
    [4, 5],
    [5, 4],
  ])('%i by %i pixels', async (width, height) => {
    const { blur, edges, bank, half } = await pictures(flat(width, height, [10, 20, 30]));
    expect([size(blur), size(edges)]).toEqual([
      [width, height],
      [width, height],
    ]);
    expect(size(half)).toEqual([Math.ceil(width / 2), Math.ceil(height / 2)]);
    expect(size(bank)).toEqual([8 * (width + 1) + 1, 4 * (height + 1) + 1]);
    expect(colours(blur)).toEqual(new Set(['10,20,30,255']));
    expect(colours(half)).toEqual(new Set(['10,20,30,255']));
    expect(colours(edges)).toEqual(new Set(['0,0,0,255']));
  });

  test('a large picture is whole in every result but the contact sheet; a wait is announced', async () => {
    const { file, out } = given(flat(801, 660, [50, 60, 70]));
    const { code, stdout, stderr } = await node('main.js', '--in', file, '--out', out);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^comparing with the plain JavaScript loop: \d\.\d GFLOP, about as many seconds\n$/);
    expect(stdout).toContain('Gabor, embossing: on the picture reduced to 400×330');
    expect([size(open(out, 'blur.png')), size(open(out, 'half.png'))]).toEqual([
      [801, 660],
      [401, 330],
    ]);
    expect(size(open(out, 'bank.png'))).toEqual([8 * (133 + 1) + 1, 4 * (110 + 1) + 1]);
    expect(colours(open(out, 'blur.png'))).toEqual(new Set(['50,60,70,255']));
  });
});

describe('the landscape', () => {
  const shipped = join(folder, 'landscape.png');

  test('is a colour picture of modest size', () => {
    expect(size(open(shipped))).toEqual([640, 427]);
    expect(statSync(shipped).size).toBeLessThan(600_000);
    expect(colours(open(shipped)).size).toBeGreaterThan(10_000);
  });

  test('is what its painter paints', async () => {
    const again = join(scratch, 'again.png');
    expect(await node('landscape.js', again)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(open(again).data.equals(open(shipped).data)).toBe(true);
  });
});
