// The list of exports, nothing else.
export { tile1x8, tile2x8, tile3x8, tile4x8, tile5x8, tile6x8 } from "./gemm/tile";
export { gemmColumns, gemmRows } from "./gemm/gemm";
export { outer1x8, outer2x8, outer3x8, outer4x8, outer5x8, outer6x8 } from "./gemm/outer";
export { packPanels } from "./gemm/pack";
export { transpose } from "./gemm/transpose";
export { scale } from "./gemm/scale";
export { columnSums, rowSums } from "./gemm/sums";
export { padImage } from "./conv/pad";
export { convDirect } from "./conv/direct";
export { convInputGradDirect } from "./conv/input-grad";
export { convIndirect, convScattered } from "./conv/indirect";
export { foldImages } from "./conv/fold";
export { scatterColumns } from "./conv/scatter";
export { gatherColumns } from "./conv/columns";
export { convWeightGrad, convWeightGradTurned, placeWeights } from "./conv/weight-grad";
export { weightGradDirect } from "./conv/weight-grad-direct";
export { maskGradient } from "./simd/mask";
export { multiplyAdd } from "./simd/probe";
