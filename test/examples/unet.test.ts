// The U-Net example: gradients of its graph, that it learns, and its command.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { memoryUsage } from 'stridewise';
import { afterAll, describe, expect, test } from 'vitest';
import { Random } from '../../examples/train/random.js';
import { curve } from '../../examples/unet/curve.js';
import { Graph } from '../../examples/unet/graph.js';
import { psnr, train } from '../../examples/unet/train.js';
import { commandOf } from '../support/command.js';

const scratch = mkdtempSync(join(tmpdir(), 'stridewise-unet-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test('gradients of the graph are differences of its results, where a signal has several readers, too', () => {
  const random = new Random(3);
  const graph = new Graph(random);
  const x = graph.input([2, 8, 8, 2]);
  const a = graph.silu(graph.batchNorm(graph.convolution(x, 3, { kernelSize: 3 })));
  const b = graph.convolution(graph.silu(graph.convolution(a, 4, { kernelSize: 3, stride: 2 })), 3, { kernelSize: 3 });
  const y = graph.convolution(graph.join(graph.enlarge(b), a), 2, { kernelSize: 3, bias: true });
  const fill = (values: Float32Array) => values.forEach((_, i) => void (values[i] = random.normal()));
  fill(x.value.data);
  for (const { value } of graph.parameters) fill(value.data);
  const weights = y.value.data.map(() => random.normal());
  const loss = () => {
    graph.forward(true);
    return y.value.data.reduce((sum, value, i) => sum + value * weights[i], 0);
  };
  loss();
  y.grad.data.set(weights);
  graph.backward(y);
  // again, as gradients start anew
  graph.backward(y);
  const gradients = graph.parameters.map(({ grad }) => grad.data.slice());
  for (const [p, { value }] of graph.parameters.entries()) {
    for (const i of [0, value.data.length >> 1, value.data.length - 1]) {
      const [own, step] = [value.data[i], 2 ** -7];
      value.data[i] = own + step;
      const above = loss();
      value.data[i] = own - step;
      const below = loss();
      value.data[i] = own;
      const found = gradients[p][i];
      expect(Math.abs((above - below) / (2 * step) - found), `parameter ${p}, number ${i}`).toBeLessThan(
        0.02 * (1 + Math.abs(found)),
      );
    }
  }
  graph.dispose();
});

test('learns, the same for a seed, and gives its memory back', () => {
  const { kept } = memoryUsage();
  const of = (seed: number) => train(8, seed, () => {});
  const { losses, found, before, after } = of(5);
  expect(losses[7]).toBeLessThan(0.8 * losses[0]);
  expect(after).toBeGreaterThan(before);
  expect(before).toBeCloseTo(-20 * Math.log10(0.2), 1);
  expect(of(5)).toMatchObject({ losses, found });
  expect(of(6).losses).not.toEqual(losses);
  expect(memoryUsage().kept).toBe(kept);
});

test('the curve rises as losses fall', () => {
  const { data, shape } = curve(Array.from({ length: 300 }, (_, i) => 0.1 / (1 + i)));
  const [, , height, width] = shape;
  const top = (x: number) => Array.from({ length: height }, (_, y) => data[y * width + x]).findIndex((v) => v < 0.2);
  expect(top(20)).toBeGreaterThan(top(width >> 1));
  expect(top(width >> 1)).toBeGreaterThan(top(width - 20));
  expect(psnr(0.01)).toBe(20);
  expect(curve([0.1]).data.some((v) => v < 0.5)).toBe(true);
});

describe('the command', () => {
  const run = commandOf('examples/unet/main.js', scratch);

  test('--help says what there is', async () => {
    const { code, stdout, stderr } = await run('--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const word of ['--seed N', '--steps N', '--simd BUILD', '--out DIR', 'denoised.png', 'loss.png'])
      expect(stdout).toContain(word);
  });

  test.each([
    ['--step', '3'],
    ['--steps', '0'],
    ['--seed', '-1'],
    ['--simd', 'fast'],
  ])('%s %s is refused', async (...args) => {
    const { code, stdout, stderr } = await run(...args, '--out', 'refused');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^.+ \(npm run unet -- --help lists the options\)\n$/);
    expect(existsSync(join(scratch, 'refused'))).toBe(false);
  });

  test('a short run writes pictures and says how good they are', async () => {
    const { code, stdout } = await run('--steps', '2', '--seed', '9', '--out', 'a');
    expect(code).toBe(0);
    expect(stdout).toMatch(/PSNR in the test: 1\d\.\d\d dB of the noisy pictures, \d+\.\d\d dB without noise/);
    const open = (name: string) => PNG.sync.read(readFileSync(join(scratch, 'a', name)));
    expect(open('denoised.png')).toMatchObject({ width: 8 * 98 + 2, height: 3 * 98 + 2 });
    expect(open('loss.png')).toMatchObject({ width: 320, height: 320 });
  });
});
