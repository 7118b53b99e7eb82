/** As `renumber.mjs` says. */
export function renumbered(binary: Uint8Array): Uint8Array;
