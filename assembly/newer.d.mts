/** As `newer.mjs` says. */
export function newer(sources: readonly string[], made: readonly string[]): boolean;
