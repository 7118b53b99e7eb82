import { pieces } from './instructions.mjs';

/**
 * A module whose locals are numbered as they are used first, among those of their type: then the first use of one
 * mostly says the same in its text, the next number.
 */
export function numberedByUse(binary) {
  const result = Buffer.from(binary);
  let numbers = new Map();
  let types = [];
  for (const { locals, local, place } of pieces(binary)) {
    if (locals) {
      const [parameters, ...counts] = locals;
      numbers = new Map(Array.from({ length: parameters }, (_, i) => [i, i]));
      let end = parameters;
      types = counts.map((count) => ({ next: end, end: (end += count) }));
    }
    if (local === undefined) continue;
    if (!numbers.has(local)) numbers.set(local, types.find(({ end }) => local < end).next++);
    result[place] = numbers.get(local);
  }
  return result;
}
