import { LOW, TALL, WIDE } from './boundary.js';
import type { Host } from './host.js';

/**
 * V8 before 13 (Node 20 and 22) loads everything before it computes, so tall tiles spill there; this function arrived
 * with V8 13.
 */
const keepsSourceOrder = () => typeof (RegExp as unknown as { escape?: unknown }).escape === 'function';

/** Kinds of processors that kernels are tuned for: with 16 vector registers (x86), or with 32 (aarch64). */
export type Processor = 'x86' | 'arm';

/**
 * The tile of products that runs without spilling: most rows, or WIDE. Two instructions for a multiply-add need a
 * register more.
 */
export function tileRows(build: Host['build'], tune: Processor): Host['mr'] {
  if (tune === 'arm') return keepsSourceOrder() ? WIDE : TALL;
  return build === 'relaxed' && keepsSourceOrder() ? TALL : LOW;
}
