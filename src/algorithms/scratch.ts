/** Scratch of `convIndirect`, `convScattered`, `convFew`, `gatherColumns` and `gemmRows`: a row table. */
export const INDIRECT_SCRATCH = 256 * 8;

/** Scratch of `gemmColumns` besides one panel: a row table, and a block of panels. */
export const COLUMNS_SCRATCH = 192 * 8 + 256 * 1024;
