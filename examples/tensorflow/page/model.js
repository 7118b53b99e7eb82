// A model out of files that a visitor chose, and noise of the shape that it takes.

import { loadGraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';

/** @param {File[]} files One model.json and its weights. */
export async function openModel(files) {
  const [json, ...others] = files.filter(({ name }) => name.endsWith('.json'));
  if (!json || others.length > 0) throw new Error('choose one model.json, and its files of weights');
  const { format, modelTopology, weightsManifest } = JSON.parse(await json.text());
  if (!modelTopology || !weightsManifest) throw new Error(`${json.name} is no model of TensorFlow.js`);
  const needed = weightsManifest.flatMap(({ paths }) => paths).map((path) => path.split('/').pop());
  const missing = needed.filter((name) => !files.some((file) => file.name === name));
  if (missing.length > 0) throw new Error(`${missing.join(', ')} missing, which ${json.name} names`);
  const weights = files.filter(({ name }) => needed.includes(name));
  const isGraph = format === 'graph-model' || 'node' in modelTopology;
  return (isGraph ? loadGraphModel : loadLayersModel)(tf.io.browserFiles([json, ...weights]));
}

/**
 * Noise from 0 to 1, or of bytes where whole numbers are asked for; one example of a batch.
 * @param {number} open Extent of axes that the model leaves open.
 */
export const noise = ({ inputs }, open) =>
  inputs.map(({ shape, dtype }) => {
    if (!shape) throw new Error('the model does not say what shape it takes');
    const extents = shape.map((extent, axis) => (extent > 0 ? extent : axis === 0 ? 1 : open));
    const isWhole = dtype === 'int32';
    return tf.tidy(() => tf.cast(tf.randomUniform(extents, 0, isWhole ? 255 : 1, 'float32', 1), dtype ?? 'float32'));
  });

/** All numbers that a model gives. Graphs with loops or conditions answer later. */
export async function predict(model, inputs) {
  const given = inputs.length === 1 ? inputs[0] : inputs;
  const result = model.executeAsync ? await model.executeAsync(given) : tf.tidy(() => model.predict(given));
  const outputs = [result].flat();
  const numbers = await Promise.all(outputs.map((output) => output.data()));
  tf.dispose(outputs);
  return numbers;
}
