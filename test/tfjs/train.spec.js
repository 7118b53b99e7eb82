import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { accelerate } from 'stridewise/tfjs';
import { expect, it } from 'vitest';
import { draw, reader, tensors } from '../../examples/tensorflow/network.js';

/** Pictures of a step. */
const BATCH = 8;

/** Losses of the example's network, step by step. */
async function losses(steps) {
  const network = reader(tf, 3);
  const { x, y } = tensors(tf, draw(BATCH * steps, 3).learnt);
  const found = [];
  for (let step = 0; step < steps; step++) {
    const batch = [x, y].map((all) => all.slice(step * BATCH, BATCH));
    found.push((await network.trainOnBatch(...batch))[0]);
    tf.dispose(batch);
  }
  tf.dispose([x, y]);
  network.dispose();
  network.optimizer.dispose();
  return found;
}

it('the example learns on wasm as on cpu', async () => {
  await tf.setBackend('cpu');
  const wanted = await losses(5);
  await tf.setBackend('wasm');
  const { undo } = await accelerate(tf);
  const found = await losses(5);
  undo();
  for (const [step, loss] of wanted.entries()) expect(Math.abs(found[step] / loss - 1)).toBeLessThanOrEqual(1e-4);
  expect(new Set(found).size).toBe(5);
});
