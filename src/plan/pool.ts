import { planes } from '../algorithms/pool/planes.js';
import { inPieces, type PoolRow, whole } from '../algorithms/pool/rows.js';

/** The table of pools. */
export const poolTable: readonly PoolRow[] = [planes, whole, inPieces];
