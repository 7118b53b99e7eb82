import type { Arguments, Call, Options, Values } from './index.js';

/** Other forms of one call: operands elsewhere, results written in place, and calls that must be refused. */

export type Float = Values & { readonly data: Float32Array };

const isFloat = (value: unknown): value is Float =>
  typeof value === 'object' && value !== null && (value as Values).data instanceof Float32Array;

/**
 * The call with every float32 tensor, also those among its options, put through `move`; a bias without a shape is one,
 * too.
 */
export const moved = (args: Arguments, move: (t: Float) => Values): Arguments =>
  args.map((arg, i) => {
    if (isFloat(arg)) return move(arg);
    if (i < args.length - 1 || arg === undefined) return arg;
    const option = (value: unknown) => {
      if (value instanceof Float32Array) return move({ data: value, shape: [value.length] });
      return isFloat(value) ? move(value) : value;
    };
    return Object.fromEntries(Object.entries(arg as Options).map(([key, value]) => [key, option(value)]));
  });

/** A copy that begins somewhere inside of a buffer, shared or not. */
export function viewed({ data, shape }: Float, shared: boolean): Float {
  const bytes = 4 * (data.length + 5);
  const copy = new Float32Array(shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes), 12, data.length);
  copy.set(data);
  return { data: copy, shape };
}

/** What `out` must be for the results of a call; undefined for results that are not float32 tensors alone. */
export function outsOf({ expected }: Call, make: (shape: readonly number[]) => Values): unknown {
  const names = Object.keys(expected);
  if (names.includes('indices')) return undefined;
  const outs = Object.fromEntries(names.map((name) => [name, make(expected[name].shape)]));
  return names.length === 1 && names[0] === 'y' ? outs.y : outs;
}

export const nan = (shape: readonly number[]): Float => ({
  data: new Float32Array(shape.reduce((product, extent) => product * extent, 1)).fill(Number.NaN),
  shape,
});

export const withOptions = (args: Arguments, more: Options): Arguments => [
  ...args.slice(0, -1),
  { ...(args[args.length - 1] as Options), ...more },
];

const first = (args: Arguments, change: (t: Float) => unknown): Arguments => {
  const at = args.findIndex(isFloat);
  return args.map((arg, i) => (i === at ? change(arg as Float) : arg));
};

function detached({ data, shape }: Float): Float {
  const copy = data.slice();
  structuredClone(copy, { transfer: [copy.buffer] });
  return { data: copy, shape };
}

/** Ways to spoil a call, so that it must throw an error of the package. */
export const spoilers: readonly ((args: Arguments, call: Call) => Arguments)[] = [
  (args) => withOptions(args, { strides: 2 }),
  (args) => [...args.slice(0, -1), 7],
  (args) => first(args, ({ data, shape }) => ({ data: new Float32Array(data.length + 1), shape })),
  (args) => first(args, ({ data, shape }) => ({ data: Float64Array.from(data), shape })),
  (args) => first(args, ({ shape }) => ({ data: undefined, shape })),
  (args) => first(args, (t) => (t.data.length === 0 ? null : detached(t))),
  (args, call) => withOptions(args, { out: outsOf(call, (shape) => nan([...shape, 2])) ?? 3 }),
  (args, call) => {
    const [operand] = args;
    const out = outsOf(call, (shape) => (isFloat(operand) && operand.data.length > 0 ? operand : nan([...shape, 3])));
    return withOptions(args, { out: out ?? [] });
  },
];

/** The call with an operand whose data cannot be read more than `times` times. */
export function failingAt(args: Arguments, times: number, error: Error): Arguments {
  let left = times;
  return first(args, ({ data, shape }) => ({
    get data() {
      if (left-- <= 0) throw error;
      return data;
    },
    shape,
  }));
}

/** Equal in every number, however deep. */
export function sameNumbers(a: unknown, b: unknown): boolean {
  if (ArrayBuffer.isView(a) && ArrayBuffer.isView(b)) {
    return (
      Buffer.compare(
        new Uint8Array(a.buffer, a.byteOffset, a.byteLength),
        new Uint8Array(b.buffer, b.byteOffset, b.byteLength),
      ) === 0
    );
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b);
  if (Object.keys(a).length !== Object.keys(b).length) return false;
  return Object.entries(a).every(([key, value]) => sameNumbers(value, (b as Record<string, unknown>)[key]));
}
