// The two things that are learnt.

import { noisy, small } from './digits.js';
import { classLoss, maskLoss } from './loss.js';
import { Network } from './network.js';

/**
 * @typedef {object} Task
 * @property {string} title
 * @property {import('./digits.js').Style} style of the pictures
 * @property {number} share of the pictures to learn from that --images asks for
 * @property {(batch: number, extent: number, random: import('./random.js').Random) => Network} model
 * @property {import('./loss.js').Loss} loss
 * @property {string} score what the loss's score is called
 * @property {number} goal the score to be reached in a whole run
 * @property {number} rate of learning at the begin; it falls to 0
 */

/**
 * Which digit a picture shows, after LeNet-5 (Y. LeCun et al., Gradient-based learning applied to document recognition,
 * 1998), with rectified layers, maximum pooling and fewer features.
 * @type {Task}
 */
export const reading = {
  title: 'Reading digits',
  style: small,
  share: 1,
  model: (batch, extent, random) =>
    new Network([batch, extent, extent, 1], random)
      .convolution({ channels: 8, kernelSize: 5, padding: 2, activation: 'relu' })
      .maxPooling(2)
      .convolution({ channels: 16, kernelSize: 5, activation: 'relu' })
      .maxPooling(2)
      .linear(64, 'relu')
      .linear(10),
  loss: classLoss,
  score: 'accuracy',
  goal: 0.98,
  rate: 0.002,
};

/**
 * Which pixels belong to the digit: strided convolutions down to a quarter of the extent, transposed ones up again.
 * @type {Task}
 */
export const finding = {
  title: 'Finding digits in noise',
  style: noisy,
  share: 0.2,
  model: (batch, extent, random) =>
    new Network([batch, extent, extent, 1], random)
      .convolution({ channels: 16, kernelSize: 5, stride: 2, padding: 2, activation: 'relu' })
      .convolution({ channels: 32, kernelSize: 4, stride: 2, padding: 1, activation: 'relu' })
      .convolution({ channels: 32, kernelSize: 3, padding: 1, activation: 'relu' })
      .transposedConvolution({ channels: 16, kernelSize: 4, stride: 2, padding: 1, activation: 'relu' })
      .transposedConvolution({ channels: 1, kernelSize: 4, stride: 2, padding: 1 }),
  loss: maskLoss,
  score: 'overlap',
  goal: 0.9,
  rate: 0.01,
};
