/** Constants of the AssemblyScript source, by their names there: bytes of scratch of kernels. */
export const GEMM_SCRATCH = 1664;
export const GEMM_COLUMNS_SCRATCH = 263808;
export const OUTER_SCRATCH = 64;
