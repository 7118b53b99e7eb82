import type { Address, Arena } from './arena.js';

const ALIGN = 64;

/** Lays out parts of one kept block: `parts` gives bytes by name; the result gives addresses by the same names. */
export function keepBlock<Name extends string>(
  arena: Arena,
  parts: Readonly<Record<Name, number>>,
): Record<Name | 'block', Address> {
  const names = Object.keys(parts) as Name[];
  let bytes = 0;
  const offsets = names.map((name) => {
    const offset = bytes;
    bytes += Math.ceil(parts[name] / ALIGN) * ALIGN;
    return offset;
  });
  const block = arena.keep(bytes);
  const at = { block } as Record<Name | 'block', Address>;
  for (const [i, name] of names.entries()) at[name] = block + offsets[i];
  return at;
}
