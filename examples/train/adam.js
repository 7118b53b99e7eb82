// D. Kingma, J. Ba, Adam: a method for stochastic optimization, 2015, algorithm 1.

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

export class Adam {
  #step = 0;
  #moments;

  /** @param {import('./network.js').Signal[]} parameters */
  constructor(parameters) {
    this.#moments = parameters.map(({ value, grad }) => {
      const { length } = value.data;
      return { value, grad, mean: new Float32Array(length), square: new Float32Array(length) };
    });
  }

  /** Moves every parameter against its gradient. @param {number} rate */
  update(rate) {
    this.#step++;
    const correction1 = 1 - BETA1 ** this.#step;
    const correction2 = 1 - BETA2 ** this.#step;
    for (const { value, grad, mean, square } of this.#moments) {
      const [values, gradient] = [value.data, grad.data];
      for (let i = 0; i < values.length; i++) {
        mean[i] += (1 - BETA1) * (gradient[i] - mean[i]);
        square[i] += (1 - BETA2) * (gradient[i] ** 2 - square[i]);
        values[i] -= (rate * (mean[i] / correction1)) / (Math.sqrt(square[i] / correction2) + EPSILON);
      }
    }
  }
}
