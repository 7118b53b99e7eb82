import { sizeOf } from '../shape/tensor.js';
import type { Place } from './place.js';
import type { Call } from './tf.js';

/** Attributes that kernels here look at. Others, such as the slope of an activation, do not change what is kept. */
const names = [
  ...['strides', 'pad', 'dilations', 'dataFormat', 'dimRoundingMode', 'activation'],
  ...['inputShape', 'filterShape', 'filterSize', 'transposeA', 'transposeB'],
];

const same = (a: unknown, b: unknown): boolean => {
  if (a === b) return true;
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!same(a[i], b[i])) return false;
  return true;
};

const copied = (value: unknown): unknown => (Array.isArray(value) ? value.map(copied) : value);

/** What settles how a call is served: its kernel, the shapes of its operands, and its attributes. */
export interface Kind {
  readonly kernel: object;
  readonly shape: readonly number[];
  /** Shape of a second operand, where it may differ. */
  readonly other: readonly number[] | undefined;
  readonly attrs: readonly unknown[];
}

/** The kind of a call, in numbers of its own. */
export const kindOf = (
  kernel: object,
  shape: readonly number[],
  other: readonly number[] | undefined,
  attrs: Call['attrs'],
): Kind => ({
  kernel,
  shape: [...shape],
  other: other && [...other],
  attrs: names.map((name) => copied(attrs[name])),
});

/** Whether a call is of a kind. Numbers are compared where they stand, because this is done at every call. */
export function isOf(
  kind: Kind,
  kernel: object,
  shape: readonly number[],
  other: readonly number[] | undefined,
  attrs: Call['attrs'],
): boolean {
  if (kind.kernel !== kernel || !same(kind.shape, shape) || !same(kind.other, other)) return false;
  for (let i = 0; i < names.length; i++) if (!same(kind.attrs[i], attrs[names[i]])) return false;
  return true;
}

/** Most entries of a list. */
const MOST = 256;

interface Known<Made> {
  readonly kind: Kind;
  /** Undefined for calls that are left to others. */
  readonly made: Made | undefined;
}

/** What was made for calls of some kind, and takes no memory of the kernels: jobs without weights, say. */
export class Remembered<Made> {
  /** By place, then by elements of the first operand. */
  readonly #places = new WeakMap<Place, Map<number, Known<Made>[]>>();

  recall(
    place: Place,
    kernel: object,
    shape: readonly number[],
    other: readonly number[] | undefined,
    attrs: Call['attrs'],
    make: () => Made | undefined,
  ): Made | undefined {
    let bySize = this.#places.get(place);
    if (!bySize) this.#places.set(place, (bySize = new Map()));
    const size = sizeOf(shape);
    let list = bySize.get(size);
    if (list) for (const { kind, made } of list) if (isOf(kind, kernel, shape, other, attrs)) return made;
    const made = make();
    if (!list || list.length >= MOST) {
      if (bySize.size >= MOST) bySize.clear();
      bySize.set(size, (list = []));
    }
    list.push({ kind: kindOf(kernel, shape, other, attrs), made });
    return made;
  }
}
