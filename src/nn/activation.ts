import {
  type Activate,
  activation,
  type ClampOptions,
  type EluOptions,
  kinds,
  type LeakyReluOptions,
} from './activation-kinds.js';

/**
 * `max(x, 0)`; NaN stays.
 * @example
 * console.log(relu(tensor([-1, 2], [2])).data); // 0, 2
 */
export const relu: Activate = /* @__PURE__ */ activation(kinds.relu);
/**
 * `min(max(x, 0), 6)`.
 * @example
 * console.log(relu6(tensor([-1, 2, 9], [3])).data); // 0, 2, 6
 */
export const relu6: Activate = /* @__PURE__ */ activation(kinds.relu6);
/**
 * `min(max(x, min), max)`.
 * @throws OptionError for min > max
 * @example
 * console.log(clamp(tensor([-1, 2, 9], [3]), { min: 0, max: 5 }).data); // 0, 2, 5
 */
export const clamp: Activate<ClampOptions> = /* @__PURE__ */ activation(kinds.clamp);
/**
 * As `clamp`, from -1 to 1.
 * @example
 * console.log(hardTanh(tensor([-3, 0.5, 3], [3])).data); // -1, 0.5, 1
 */
export const hardTanh: Activate<ClampOptions> = /* @__PURE__ */ activation(kinds.hardTanh);
/**
 * `x > 0 ? x : slope · x`.
 * @example
 * console.log(leakyRelu(tensor([-2, 2], [2]), { slope: 0.5 }).data); // -1, 2
 */
export const leakyRelu: Activate<LeakyReluOptions> = /* @__PURE__ */ activation(kinds.leakyRelu);
/**
 * `x > 0 ? x : alpha · (e^x - 1)`.
 * @example
 * console.log(elu(tensor([-100, 2], [2]), { alpha: 3 }).data); // -3, 2
 */
export const elu: Activate<EluOptions> = /* @__PURE__ */ activation(kinds.elu);
/**
 * 1.0507 elu of alpha 1.6733.
 * @example
 * console.log(selu(tensor([1], [1])).data[0].toFixed(4)); // 1.0507
 */
export const selu: Activate = /* @__PURE__ */ activation(kinds.selu);
/**
 * `1 / (1 + e^-x)`, within 2e-7.
 * @example
 * console.log(sigmoid(tensor([0, 100], [2])).data); // 0.5, 1
 */
export const sigmoid: Activate = /* @__PURE__ */ activation(kinds.sigmoid);
/**
 * `(e^x - e^-x) / (e^x + e^-x)`, within 2e-7.
 * @example
 * console.log(tanh(tensor([-100, 0, 100], [3])).data); // -1, 0, 1
 */
export const tanh: Activate = /* @__PURE__ */ activation(kinds.tanh);
/**
 * `relu6(x + 3) / 6`.
 * @example
 * console.log(hardSigmoid(tensor([-3, 0, 3], [3])).data); // 0, 0.5, 1
 */
export const hardSigmoid: Activate = /* @__PURE__ */ activation(kinds.hardSigmoid);
/**
 * `x · relu6(x + 3) / 6`.
 * @example
 * console.log(hardSwish(tensor([-3, 3], [2])).data); // 0, 3
 */
export const hardSwish: Activate = /* @__PURE__ */ activation(kinds.hardSwish);
/**
 * `x · sigmoid(x)`.
 * @example
 * console.log(silu(tensor([0, 100], [2])).data); // 0, 100
 */
export const silu: Activate = /* @__PURE__ */ activation(kinds.silu);
/**
 * `x · tanh(softplus(x))`.
 * @example
 * console.log(mish(tensor([1], [1])).data[0].toFixed(4)); // 0.8651
 */
export const mish: Activate = /* @__PURE__ */ activation(kinds.mish);
/**
 * `log(1 + e^x)`; x above 20.
 * @example
 * console.log(softplus(tensor([0], [1])).data[0].toFixed(4)); // 0.6931
 */
export const softplus: Activate = /* @__PURE__ */ activation(kinds.softplus);
/**
 * `x · (1 + erf(x / √2)) / 2`.
 * @example
 * console.log(gelu(tensor([1], [1])).data[0].toFixed(4)); // 0.8413
 */
export const gelu: Activate = /* @__PURE__ */ activation(kinds.gelu);
/**
 * `gelu` with PyTorch's approximation by tanh.
 * @example
 * console.log(geluTanh(tensor([1], [1])).data[0].toFixed(4)); // 0.8412
 */
export const geluTanh: Activate = /* @__PURE__ */ activation(kinds.geluTanh);
