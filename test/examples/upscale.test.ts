// The upscaling example without the network that it installs: small models of the same kind, tiles, and its command.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { readModel } from '../../examples/upscale/files.js';
import { fieldOf, Network } from '../../examples/upscale/network.js';
import { spans, windowOf } from '../../examples/upscale/tiles.js';
import { upscale } from '../../examples/upscale/upscale.js';
import { conv2d } from '../../src/index.js';
import { add, cat, interpolate, relu } from '../../src/nn.js';
import { expectExact } from '../support/bounds.js';
import { commandOf } from '../support/command.js';
import { integers, integerTensor } from '../support/data.js';

const scratch = mkdtempSync(join(tmpdir(), 'stridewise-upscale-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const layout = 'NHWC' as const;
const node = (...names: string[]) => (names.length > 0 ? [names.map((name) => [name, 0, 0, {}])] : []);
const layer = (kind: string, name: string, config: object, ...inputs: string[]) => ({
  class_name: kind,
  name,
  config,
  inbound_nodes: node(...inputs),
});
const conv = (name: string, kernel: number, input: string) =>
  layer('Conv2D', name, { kernel_size: [kernel, kernel], padding: 'same', strides: [1, 1] }, input);

/** Every class of layer, results that two layers read, and sums and activations right behind convolutions and not. */
const layers = [
  layer('InputLayer', 'x', {}),
  conv('a', 3, 'x'),
  layer('Activation', 'r', { activation: 'relu' }, 'a'),
  conv('b', 1, 'r'),
  layer('Add', 's', {}, 'r', 'b'),
  layer('Activation', 't', { activation: 'relu' }, 's'),
  layer('Concatenate', 'c', { axis: 3 }, 's', 't'),
  layer('UpSampling2D', 'u', { size: [2, 2], interpolation: 'nearest' }, 'c'),
  conv('d', 5, 'u'),
  conv('e', 3, 'd'),
  layer('Add', 'y', {}, 'd', 'e'),
];
const shapes = { a: [3, 3, 3, 4], b: [1, 1, 4, 4], d: [5, 5, 8, 2], e: [3, 3, 2, 2] };

/** Writes a model whose weights are small integers, in two files. */
function written(name: string, list: object[]) {
  const parts = Object.entries(shapes).flatMap(([of, shape], i) => [
    {
      name: `${of}/kernel`,
      shape,
      data: integers(
        shape.reduce((a, b) => a * b),
        i,
        -1,
        1,
      ),
    },
    { name: `${of}/bias`, shape: [shape[3]], data: integers(shape[3], 10 + i, -1, 1) },
  ]);
  const bytes = Buffer.concat(parts.map(({ data }) => Buffer.from(data.buffer)));
  writeFileSync(join(scratch, `${name}-1.bin`), bytes.subarray(0, 10));
  writeFileSync(join(scratch, `${name}-2.bin`), bytes.subarray(10));
  const weights = parts.map(({ data, ...rest }) => ({ ...rest, dtype: 'float32' }));
  const modelTopology = { model_config: { config: { layers: list, output_layers: [['y', 0, 0]] } } };
  const paths = [`${name}-1.bin`, `${name}-2.bin`];
  writeFileSync(join(scratch, 'model.json'), JSON.stringify({ modelTopology, weightsManifest: [{ paths, weights }] }));
  const tensors = Object.fromEntries(parts.map(({ name: of, data, shape }) => [of, { data, shape }]));
  return { folder: pathToFileURL(`${scratch}/`), tensors };
}

describe('a model', () => {
  const { folder, tensors } = written('small', layers);
  const model = readModel(folder);
  const x = integerTensor([1, 61, 83, 3], 1, 0, 3);
  const by = (name: string, input: Parameters<typeof conv2d>[0]) =>
    conv2d(input, tensors[`${name}/kernel`], { bias: tensors[`${name}/bias`].data, padding: 'same', layout });
  const r = relu(by('a', x));
  const s = add(r, by('b', r));
  const d = by('d', interpolate(cat([s, relu(s)], 3), { scale: 2, layout }));
  const expected = add(d, by('e', d));

  test('is what its layers are', () => {
    const network = new Network(model, x.shape);
    network.input.data.set(x.data);
    expectExact(network.run(), expected);
    network.input.data.fill(0);
    network.run();
    network.input.data.set(x.data);
    expectExact(network.run(), expected);
    network.dispose();
  });

  test('knows its scale, and how far it reaches', () => {
    expect(fieldOf(model)).toEqual({ scale: 2, reach: 3 });
  });

  test.each([16, 40, 64, 256])('is the same in tiles of %i', (tile) => {
    const shares: number[] = [];
    expectExact(
      upscale(model, x, (share) => shares.push(share), tile),
      expected,
    );
    expect(shares.at(-1)).toBe(1);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
  });

  test.each([
    [layer('Dense', 'q', {}, 'x'), /the layer q is of the class Dense, which this example does not know/],
    [layer('Activation', 'q', { activation: 'tanh' }, 'x'), /the layer q has activation tanh, expected relu/],
    [{ ...conv('q', 3, 'x'), config: { strides: [2, 2] } }, /the layer q has strides 2,2, expected 1,1/],
  ])('of other layers is refused', (strange, message) => {
    expect(() => readModel(written('strange', [...layers, strange]).folder)).toThrow(message);
  });
});

test('windows cover an axis, and are used where they are right', () => {
  const axes = fc.tuple(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 21, max: 400 }), fc.nat(10));
  fc.assert(
    fc.property(axes, ([extent, most, reach]) => {
      const window = windowOf(extent, most, reach);
      expect(window).toBeLessThanOrEqual(Math.min(extent, most));
      let end = 0;
      for (const { begin, from, to } of spans(extent, window, reach)) {
        expect(from).toBe(end);
        expect(to).toBeGreaterThan(from);
        expect(begin).toBeGreaterThanOrEqual(0);
        expect(begin + window).toBeLessThanOrEqual(extent);
        if (begin > 0) expect(from - begin).toBeGreaterThanOrEqual(reach);
        if (begin + window < extent) expect(begin + window - to).toBeGreaterThanOrEqual(reach);
        end = to;
      }
      expect(end).toBe(extent);
    }),
  );
});

describe('the command', () => {
  const run = commandOf('examples/upscale/main.js', scratch);

  test('--help says what there is', async () => {
    const { code, stdout, stderr } = await run('--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const word of ['--in FILE', '--out FILE', '--check', '--help']) expect(stdout).toContain(word);
  });

  test.each([
    [['--size', '3'], /--size.* \(npm run upscale -- --help lists the options\)\n$/],
    [['--in', 'none.png'], /^cannot read none.png: .+\n$/],
    [['--in', 'a.png', '--out', './a.png'], /^a.png would be overwritten: choose another --out\n$/],
  ])('%j is refused', async (args, message) => {
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(message);
  });
});
