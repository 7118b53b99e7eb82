import type { Address, Arena } from './arena.js';

const ALIGN = 64;

/** Whole cache lines. */
export const round64 = (bytes: number): number => Math.ceil(bytes / ALIGN) * ALIGN;

/**
 * Lays out parts side by side, each on a cache line: `parts` gives bytes by name; the result gives offsets by the same
 * names, and all bytes.
 */
export function layOut<Name extends string>(
  parts: Readonly<Record<Name, number>>,
): { readonly offsets: Readonly<Record<Name, number>>; readonly bytes: number } {
  const offsets = {} as Record<Name, number>;
  let bytes = 0;
  for (const name of Object.keys(parts) as Name[]) {
    offsets[name] = bytes;
    bytes += round64(parts[name]);
  }
  return { offsets, bytes };
}

/** Addresses of what was laid out in a block at `at`. */
export function placed<Name extends string>(
  offsets: Readonly<Record<Name, number>>,
  at: Address,
): Record<Name, Address> {
  const addresses = {} as Record<Name, Address>;
  for (const name of Object.keys(offsets) as Name[]) addresses[name] = at + offsets[name];
  return addresses;
}

/** Lays out parts of one kept block: `parts` gives bytes by name; the result gives addresses by the same names. */
export function keepBlock<Name extends string>(
  arena: Arena,
  parts: Readonly<Record<Name, number>>,
): Record<Name | 'block', Address> {
  const { offsets, bytes } = layOut(parts);
  const block = arena.keep(bytes);
  return { ...placed(offsets, block), block };
}
