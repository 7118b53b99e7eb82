import type { Host } from './host.js';

type Memory = Pick<Host, 'arena'>;

/** Makes something, and when that throws gives back what it took. */
export const attempt = <T>({ arena }: Memory, make: () => T): T => arena.attempt(make);

/**
 * Makes something from numbers that may stand in linear memory. Memory that grows on the way detaches the view, and
 * what was made from it is worthless: it is given back and made once more from a fresh view, now that the memory is
 * there. What `make` took is given back when it throws.
 */
export function fromView<T extends { dispose(): void }>(
  { arena }: Memory,
  values: Float32Array,
  make: (values: Float32Array) => T,
): T {
  const home = arena.addressOf(values);
  if (home === undefined) return arena.attempt(() => make(values));
  const { length } = values;
  const anew = () => arena.attempt(() => make(arena.f32(home, length)));
  let made: T;
  try {
    made = arena.attempt(() => make(values));
  } catch (error) {
    if (values.length > 0) throw error;
    return anew();
  }
  if (values.length > 0) return made;
  made.dispose();
  return anew();
}
