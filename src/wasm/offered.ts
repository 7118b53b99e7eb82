import type { Host } from './host.js';

/** Other entries of the package are other modules, with instances of their own: that with threads is found here. */
const key = Symbol.for('stridewise: host with threads');

interface Meeting {
  [key]?: () => Host;
}

/** Makes the instance that serves an entry the one of other entries, too. */
export const offerHost = (host: () => Host): void => {
  (globalThis as Meeting)[key] = host;
};

/** The instance of the entry that has offered its own. */
export const offeredHost = (): Host | undefined => (globalThis as Meeting)[key]?.();
