import { UnsupportedError } from '../errors.js';

/** Whether there is only this thread, and why. */
export interface Gathered {
  readonly alone: boolean;
  readonly reason: string;
}

/** What a page needs whose memory is to be shared. */
export const HEADERS =
  'a page needs the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp';

/**
 * What came of starting the threads that were wanted. `trouble`: why there can be no others.
 * @throws UnsupportedError where a number was asked for that cannot be had
 */
export function gathered(wanted: 'auto' | number, trouble: string | undefined): Gathered {
  const asked = 'asked for';
  if (wanted === 1) return { alone: true, reason: asked };
  if (trouble === undefined) return { alone: false, reason: wanted === 'auto' ? 'cores this host reports' : asked };
  if (wanted === 'auto') return { alone: true, reason: trouble };
  throw new UnsupportedError(`${wanted} threads cannot be had: ${trouble}; ask for threads "auto" or 1`);
}
