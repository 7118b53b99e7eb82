// What learning makes smaller, its derivative, and a score that people understand.

/**
 * @typedef {import('./network.js').Signal} Signal
 * @typedef {import('./digits.js').Digits} Digits
 * @typedef {object} Result sums over the pictures of a batch
 * @property {number} loss
 * @property {number} score
 * @typedef {(output: Signal, digits: Digits, batch: ArrayLike<number>) => Result} Loss writes the derivative of the
 * batch's mean loss to `output.grad`,
 *   where pictures beyond a batch that is not full have none
 */

/**
 * Softmax cross-entropy: -log of the probability that the network gives to the right class. The score counts pictures
 * whose most probable class is the right one.
 * @type {Loss}
 */
export function classLoss({ value, grad }, { labels }, batch) {
  const classes = value.shape[1];
  const count = batch.length;
  const [logits, gradient] = [value.data, grad.data.fill(0)];
  let loss = 0;
  let score = 0;
  for (let i = 0; i < count; i++) {
    const at = i * classes;
    const row = logits.subarray(at, at + classes);
    const label = labels[batch[i]];
    const largest = row.reduce((a, b) => Math.max(a, b));
    const total = row.reduce((sum, logit) => sum + Math.exp(logit - largest), 0);
    loss += Math.log(total) + largest - row[label];
    if (answerOf(row) === label) score++;
    for (let c = 0; c < classes; c++) {
      gradient[at + c] = (Math.exp(row[c] - largest) / total - (c === label ? 1 : 0)) / count;
    }
  }
  return { loss, score };
}

/** The most probable class. @param {Float32Array} logits */
export function answerOf(logits) {
  return logits.indexOf(logits.reduce((a, b) => Math.max(a, b)));
}

/**
 * Cross-entropy of every pixel, ink or not. The score is the overlap of the pixels more likely ink than not with those
 * that are.
 * @type {Loss}
 */
export function maskLoss({ value, grad }, { masks }, batch) {
  const area = value.data.length / value.shape[0];
  const [logits, gradient] = [value.data, grad.data.fill(0)];
  let loss = 0;
  let score = 0;
  for (let i = 0; i < batch.length; i++) {
    const mask = masks.subarray(batch[i] * area, (batch[i] + 1) * area);
    const row = logits.subarray(i * area, (i + 1) * area);
    score += overlap(row, 0, mask);
    for (let p = 0; p < area; p++) {
      const logit = row[p];
      // No exponential of a positive number, which might overflow.
      const e = Math.exp(-Math.abs(logit));
      const probability = (logit > 0 ? 1 : e) / (1 + e);
      loss += (Math.max(logit, 0) - logit * mask[p] + Math.log(1 + e)) / area;
      gradient[i * area + p] = (probability - mask[p]) / (area * batch.length);
    }
  }
  return { loss, score };
}

/**
 * Intersection over union of the places where values exceed a threshold with those where a mask is 1. @param
 * {Float32Array} values @param {number} threshold @param {Float32Array} mask
 */
export function overlap(values, threshold, mask) {
  let both = 0;
  let either = 0;
  for (let p = 0; p < mask.length; p++) {
    const found = values[p] > threshold ? 1 : 0;
    both += found * mask[p];
    either += Math.max(found, mask[p]);
  }
  return either === 0 ? 1 : both / either;
}
