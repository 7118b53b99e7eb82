/** Arguments and results of the cases, as the package takes and gives them. */

/**
 * What JSON could not hold: typed arrays stand as { f32: numbers } or { i32: numbers }, NaN and Infinity as strings,
 * nothing as null.
 */
export function decode(value) {
  if (value === null) return undefined;
  if (Array.isArray(value)) return value.map(decode);
  if (typeof value !== 'object') return value;
  if (value.f32) return Float32Array.from(value.f32, Number);
  if (value.i32) return Int32Array.from(value.i32);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, decode(entry)]));
}

/** Results by name; that of an operator with one is `y`. */
export const named = (result) => ('data' in result ? { y: result } : result);

/** Throws unless a result is what the definition says, within its bounds where it has some. */
export function compare(found, wanted, name) {
  if (found.shape.join() !== wanted.shape.join())
    throw new Error(`${name} has shape [${found.shape}], expected [${wanted.shape}]`);
  if (found.data.length !== wanted.data.length)
    throw new Error(`${name} has ${found.data.length} elements, expected ${wanted.data.length}`);
  const { bounds } = wanted;
  for (let i = 0; i < found.data.length; i++) {
    const a = found.data[i];
    const e = bounds ? Number(wanted.data[i]) : Math.fround(wanted.data[i]);
    const bound = bounds ? bounds[bounds.length === 1 ? 0 : i] : 0;
    const agrees = a === e || (Number.isNaN(a) && Number.isNaN(e)) || Math.abs(a - e) <= bound;
    if (!agrees) throw new Error(`${name}[${i}] is ${a}, expected ${e} within ${bound}`);
  }
}

/** Throws unless the results have the names of the definition, and are what it says. */
export function check(result, results) {
  const found = named(result);
  const [names, wanted] = [Object.keys(found).sort().join(), Object.keys(results).sort().join()];
  if (names !== wanted) throw new Error(`results ${names}, expected ${wanted}`);
  for (const [name, expected] of Object.entries(results)) compare(found[name], expected, name);
}

/** FNV-1a over the bits of results, so that hosts can be compared to the bit; every NaN counts as the same one. */
export class Digest {
  #state = 0x811c9dc5;

  add(result) {
    for (const { data } of Object.values(named(result))) {
      const words = new Int32Array(Float32Array.from(data, (v) => (Number.isNaN(v) ? Number.NaN : v)).buffer);
      for (const word of words) this.#state = Math.imul(this.#state ^ word, 0x01000193);
    }
  }

  toString() {
    return (this.#state >>> 0).toString(16).padStart(8, '0');
  }
}
