import { LOW, TALL } from './boundary.js';
import type { Host } from './host.js';

/**
 * V8 before 13 (Node 20 and 22) loads everything before it computes, so tall tiles spill there; this function arrived
 * with V8 13.
 */
const keepsSourceOrder = () => typeof (RegExp as unknown as { escape?: unknown }).escape === 'function';

/**
 * Most rows of the register tile that run without spilling. Two instructions for a multiply-add need a register more.
 */
export const tileRows = (build: Host['build']): Host['mr'] => (build === 'relaxed' && keepsSourceOrder() ? TALL : LOW);
