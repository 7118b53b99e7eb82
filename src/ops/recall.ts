/** Extents of one operand, or of each. */
type Shapes = readonly (number | readonly number[])[];

/**
 * A call, as far as what is made of it depends on it: all options as they were, of tensors among them only whether they
 * were given.
 */
interface Call<T> {
  readonly operator: string;
  readonly shapes: Shapes;
  readonly prototype: unknown;
  readonly keys: readonly string[];
  readonly values: readonly unknown[];
  readonly made: T;
}

/** Calls in a loop over the pools of a network. */
const MOST_CALLS = 32;

/**
 * Remembers what was made of recent calls: checking and laying out takes several times as long as pooling or convolving
 * a small map.
 */
export class Recall<T> {
  /** The latest first. */
  readonly #calls: Call<T>[] = [];

  /**
   * What `make` made of an equal call, or what it makes now. Equal: the same operator, shapes, option names and
   * numbers, strings, flags or lists of them.
   */
  recall(operator: string, shapes: Shapes, options: object | undefined, make: () => T): T {
    const calls = this.#calls;
    const at = calls.findIndex(
      (call) => call.operator === operator && sameList(call.shapes, shapes) && sameOptions(call, options),
    );
    if (at >= 0) {
      const [call] = at === 0 ? calls : calls.splice(at, 1);
      if (at > 0) calls.unshift(call);
      return call.made;
    }
    const made = make();
    const entries = Object.entries(options ?? {}).map(([key, value]) => [key, seen(key, value)] as const);
    if (entries.every(([, value]) => isPlain(value) || (Array.isArray(value) && value.every(isPlainOrList)))) {
      calls.unshift({
        ...{
          operator,
          shapes: shapes.map(copyOf) as Shapes,
          made,
          prototype: options && Object.getPrototypeOf(options),
        },
        ...{ keys: entries.map(([key]) => key), values: entries.map(([, value]) => copyOf(value)) },
      });
      if (calls.length > MOST_CALLS) calls.pop();
    }
    return made;
  }
}

const isPlain = (value: unknown) => value === null || (typeof value !== 'object' && typeof value !== 'function');
const isPlainOrList = (value: unknown) => isPlain(value) || (Array.isArray(value) && value.every(isPlain));

const seen = (key: string, value: unknown) =>
  key === 'out' || key === 'add' || key === 'bias' ? value !== undefined : value;

/** Lists of lists, copied. */
function copyOf(value: unknown): unknown {
  return Array.isArray(value) ? value.map(copyOf) : value;
}

function sameOptions({ prototype, keys, values }: Call<unknown>, options: object | undefined): boolean {
  if (typeof options !== 'object' || options === null) return options === prototype;
  if (Object.getPrototypeOf(options) !== prototype) return false;
  const found = Object.keys(options);
  if (found.length !== keys.length) return false;
  for (let i = 0; i < found.length; i++) {
    const key = found[i];
    if (keys[i] !== key || !same(values[i], seen(key, (options as Record<string, unknown>)[key]))) return false;
  }
  return true;
}

function sameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!same(a[i], b[i])) return false;
  return true;
}

function same(a: unknown, b: unknown): boolean {
  return Object.is(a, b) || (Array.isArray(a) && Array.isArray(b) && sameList(a, b));
}
