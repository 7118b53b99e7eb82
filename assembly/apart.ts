// Hot loops that stay functions of their own. Binaryen would inline what has one caller, and an engine that replaces code only between calls (V8) could
// then not replace the loop while a call runs. So they are exported while Binaryen works, and what ships no longer names them.
export { tile1x8, tile2x8, tile3x8, tile4x8, tile5x8, tile6x8 } from "./gemm/tile";
export { tile1x32, tile2x16 } from "./gemm/thin";
export { dots1x4, dots2x4 } from "./gemm/dots";
export { outer1x8, outer2x8, outer3x8, outer4x8, outer5x8, outer6x8 } from "./gemm/outer";
export { winogradInput4, winogradInput6, winogradInput8 } from "./conv/winograd/input";
export { winogradOutput4, winogradOutput6, winogradOutput8 } from "./conv/winograd/output";
export { winogradKernel, winogradSpread2, winogradSpread3 } from "./conv/winograd/weights";
export { depthwise3S1x7, depthwiseS1x4, depthwiseS1x7, depthwiseS2x4, depthwiseS2x7, depthwiseAny, foursS1x4, foursS1x7, foursS2x4, foursS2x7 } from "./conv/depthwise-tile";
export { few5x2, few8x1 } from "./conv/few-outputs";
export { maxTaps } from "./pool/max";
export { argmaxColumns, argmaxTaps } from "./pool/argmax";
export { sumTaps } from "./pool/sum";
export { maxSlide2, maxSlide3, maxSlide3by2, sumSlide3 } from "./pool/slide";
export { taps5, taps9 } from "./conv/depthwise-grad";
