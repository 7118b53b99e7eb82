// The list of exports, nothing else.
export { tile1x8, tile2x8, tile3x8, tile4x8, tile5x8, tile6x8 } from "./gemm/tile";
export { gemmColumns, gemmRows } from "./gemm/gemm";
export { packPanels } from "./gemm/pack";
export { transpose } from "./gemm/transpose";
export { scale } from "./gemm/scale";
export { padImage } from "./conv/pad";
export { convDirect } from "./conv/direct";
export { convIndirect } from "./conv/indirect";
export { gatherColumns } from "./conv/columns";
export { poolPixels } from "./pool/pixels";
export { maxTaps, maxTapsSelected } from "./pool/max";
export { argmaxColumns, argmaxColumnsSelected, argmaxTaps, argmaxTapsSelected } from "./pool/argmax";
export { sumTaps } from "./pool/sum";
export { repitch } from "./pool/repitch";
export { gather, gatherAdd, indicesFit, scatterAdd, scatterStore } from "./pool/scatter";
export { powers } from "./pool/power";
export { multiplyAdd } from "./simd/probe";
