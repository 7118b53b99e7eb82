// The list of exports, nothing else.
export { activate, activateGrad } from "./activation";
export { dropout } from "./dropout";
export { elementwise } from "./elementwise";
export { gather, scatterAdd } from "./gather";
export { floatsToPixels, pixelsToFloats, pixelsToPlanes, planesToPixels } from "./image";
export { interpolateLinear, interpolateLinearGrad, sortFours } from "./interpolate";
export { layerNormGrad, layerNormRows } from "./layer-norm";
export { crossEntropyGrad, crossEntropyLosses, pairLoss } from "./loss";
export { dotColumns, dotRows, lineColumns, lineRows } from "./norm";
export { adamStep, sgdStep } from "./optimizer";
export { permute } from "./permute";
export { reduce, roundSums } from "./reduce";
export { softmaxRows, softmaxRowsGrad } from "./softmax";
