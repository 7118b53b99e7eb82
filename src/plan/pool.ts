import { planeWindows } from '../algorithms/pool/plane-windows.js';
import { planes } from '../algorithms/pool/planes.js';
import { inPieces, type PoolRow, whole } from '../algorithms/pool/rows.js';

/** The table of pools. */
export const poolTable: readonly PoolRow[] = [planes, planeWindows, whole, inPieces];
