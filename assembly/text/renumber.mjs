import { pieces } from './instructions.mjs';

/**
 * The same module, whose functions number their locals of a type as they come to use them: then the places that
 * `encode` tells them by repeat from function to function.
 */
export function renumbered(binary) {
  const result = Uint8Array.from(binary);
  let types = [];
  let numbers = new Map();
  for (const { locals, parameters, local, type, at } of pieces(binary)) {
    if (locals) {
      types = locals;
      numbers = new Map(Array.from({ length: parameters }, (_, i) => [i, i]));
    }
    if (at === undefined) continue;
    if (!numbers.has(local)) {
      const taken = new Set(numbers.values());
      numbers.set(
        local,
        types.findIndex((other, i) => other === type && !taken.has(i)),
      );
    }
    result[at] = numbers.get(local);
  }
  return result;
}
