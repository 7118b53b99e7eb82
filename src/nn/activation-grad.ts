import {
  type ActivateInputGrad,
  type ClampOptions,
  type EluOptions,
  inputGrad,
  kinds,
  type LeakyReluOptions,
} from './activation-kinds.js';

/**
 * Gradient of `relu` from its result `y`: 0 at 0.
 * @example
 * console.log(reluInputGrad(tensor([8, 8], [2]), tensor([0, 2], [2])).data); // 0, 8
 */
export const reluInputGrad: ActivateInputGrad = /* @__PURE__ */ inputGrad(kinds.relu);
/**
 * Gradient of `relu6` from `y`: 0 at both ends.
 * @example
 * console.log(relu6InputGrad(tensor([8, 8, 8], [3]), tensor([0, 2, 6], [3])).data); // 0, 8, 0
 */
export const relu6InputGrad: ActivateInputGrad = /* @__PURE__ */ inputGrad(kinds.relu6);
/**
 * Gradient of `clamp` from `y`: 0 at both ends.
 * @example
 * console.log(clampInputGrad(tensor([8, 8, 8], [3]), tensor([0, 2, 5], [3]), { min: 0, max: 5 }).data); // 0, 8, 0
 */
export const clampInputGrad: ActivateInputGrad<ClampOptions> = /* @__PURE__ */ inputGrad(kinds.clamp);
/**
 * Gradient of `hardTanh` from `y`.
 * @example
 * console.log(hardTanhInputGrad(tensor([8, 8, 8], [3]), tensor([-1, 0.5, 1], [3])).data); // 0, 8, 0
 */
export const hardTanhInputGrad: ActivateInputGrad<ClampOptions> = /* @__PURE__ */ inputGrad(kinds.hardTanh);
/**
 * Gradient of `leakyRelu` from `x`; with a slope above 0 `y` does as well.
 * @example
 * console.log(leakyReluInputGrad(tensor([8, 8], [2]), tensor([-2, 2], [2]), { slope: 0.5 }).data); // 4, 8
 */
export const leakyReluInputGrad: ActivateInputGrad<LeakyReluOptions> = /* @__PURE__ */ inputGrad(kinds.leakyRelu);
/**
 * Gradient of `elu` from `y`.
 * @example
 * console.log(eluInputGrad(tensor([8, 8], [2]), tensor([-0.5, 2], [2])).data); // 4, 8
 */
export const eluInputGrad: ActivateInputGrad<EluOptions> = /* @__PURE__ */ inputGrad(kinds.elu);
/**
 * Gradient of `selu` from `y`.
 * @example
 * console.log(seluInputGrad(tensor([8], [1]), tensor([1], [1])).data[0].toFixed(4)); // 8.4056
 */
export const seluInputGrad: ActivateInputGrad = /* @__PURE__ */ inputGrad(kinds.selu);
/**
 * Gradient of `sigmoid` from `y`.
 * @example
 * console.log(sigmoidInputGrad(tensor([8, 8], [2]), tensor([0.5, 1], [2])).data); // 2, 0
 */
export const sigmoidInputGrad: ActivateInputGrad = /* @__PURE__ */ inputGrad(kinds.sigmoid);
/**
 * Gradient of `tanh` from `y`.
 * @example
 * console.log(tanhInputGrad(tensor([8, 8], [2]), tensor([0, 0.5], [2])).data); // 8, 6
 */
export const tanhInputGrad: ActivateInputGrad = /* @__PURE__ */ inputGrad(kinds.tanh);
/**
 * Gradient of `hardSigmoid` from `y`.
 * @example
 * console.log(hardSigmoidInputGrad(tensor([8, 8], [2]), tensor([0, 1], [2])).data); // 0, 0
 */
export const hardSigmoidInputGrad: ActivateInputGrad = /* @__PURE__ */ inputGrad(kinds.hardSigmoid);
/**
 * Gradient of `hardSwish` from `x`.
 * @example
 * console.log(hardSwishInputGrad(tensor([8, 8], [2]), tensor([-4, 4], [2])).data); // 0, 8
 */
export const hardSwishInputGrad: ActivateInputGrad = /* @__PURE__ */ inputGrad(kinds.hardSwish);
/**
 * Gradient of `silu` from `x`.
 * @example
 * console.log(siluInputGrad(tensor([8], [1]), tensor([0], [1])).data); // 4
 */
export const siluInputGrad: ActivateInputGrad = /* @__PURE__ */ inputGrad(kinds.silu);
/**
 * Gradient of `mish` from `x`.
 * @example
 * console.log(mishInputGrad(tensor([8], [1]), tensor([100], [1])).data); // 8
 */
export const mishInputGrad: ActivateInputGrad = /* @__PURE__ */ inputGrad(kinds.mish);
/**
 * Gradient of `softplus` from `x`.
 * @example
 * console.log(softplusInputGrad(tensor([8], [1]), tensor([0], [1])).data); // 4
 */
export const softplusInputGrad: ActivateInputGrad = /* @__PURE__ */ inputGrad(kinds.softplus);
/**
 * Gradient of `gelu` from `x`.
 * @example
 * console.log(geluInputGrad(tensor([8], [1]), tensor([0], [1])).data); // 4
 */
export const geluInputGrad: ActivateInputGrad = /* @__PURE__ */ inputGrad(kinds.gelu);
/**
 * Gradient of `geluTanh` from `x`.
 * @example
 * console.log(geluTanhInputGrad(tensor([8], [1]), tensor([0], [1])).data); // 4
 */
export const geluTanhInputGrad: ActivateInputGrad = /* @__PURE__ */ inputGrad(kinds.geluTanh);
