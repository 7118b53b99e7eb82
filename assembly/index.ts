// The list of exports, nothing else.
export { tile1x8, tile2x8, tile3x8, tile4x8, tile5x8, tile6x8 } from "./gemm/tile";
export { gemmColumns, gemmRows } from "./gemm/gemm";
export { packPanels } from "./gemm/pack";
export { transpose } from "./gemm/transpose";
export { scale } from "./gemm/scale";
export { padImage } from "./conv/pad";
export { convDirect } from "./conv/direct";
export { depthwise3s1, depthwise3s2, depthwise5s1, depthwise5s2, depthwiseAny, repeatChannels } from "./conv/depthwise";
export { convInputGradDirect } from "./conv/input-grad";
export { convIndirect, convScattered } from "./conv/indirect";
export { foldImages } from "./conv/fold";
export { scatterColumns } from "./conv/scatter";
export { gatherColumns } from "./conv/columns";
export { multiplyAdd } from "./simd/probe";
