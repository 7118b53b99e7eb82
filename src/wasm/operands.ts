import { MemoryError } from '../errors.js';
import type { IndexTensor, Tensor } from '../types.js';
import type { Address } from './arena.js';
import { round64 } from './block.js';
import type { Host } from './host.js';

/** A result to come. */
export interface Output {
  readonly shape: readonly number[];
  /** Written instead of a new tensor. */
  readonly out?: Tensor | IndexTensor | undefined;
  /** Element type; default f32. */
  readonly type?: 'f32' | 'i32';
  /** The kernel adds to what `out` holds. */
  readonly accumulate?: boolean;
}

/** In a loop: `reduce` took 7 % of a call of a small pool. */
function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (let axis = 0; axis < shape.length; axis++) size *= shape[axis];
  return size;
}

/**
 * The numbers of a checked tensor. A tensor of an arena has them anew at each access; a view that was kept is empty
 * once memory has grown.
 */
function dataOf({ data, shape }: Tensor | IndexTensor): Float32Array | Int32Array {
  if (data.length === sizeOf(shape)) return data;
  throw new MemoryError(
    'an operand is a view of wasm memory, which grew in this call: pass the tensor of the arena itself',
  );
}

/** A copy on the JavaScript heap, whose refusal is an error like that of wasm memory. */
function copyOf(view: Float32Array | Int32Array): Float32Array | Int32Array {
  try {
    return view.slice();
  } catch {
    throw new MemoryError(`the host refuses ${view.byteLength} bytes for the result`);
  }
}

/**
 * Brings operands into linear memory, runs `work` on their addresses, and brings the results out. What stands in this
 * instance's memory already stays there. Everything taken is given back in any case; an operand or result that is
 * undefined has address 0.
 */
export function runOn(
  host: Host,
  inputs: readonly (Tensor | IndexTensor | undefined)[],
  outputs: readonly (Output | undefined)[],
  scratchBytes: number,
  work: (inputs: readonly Address[], outputs: readonly Address[], scratch: Address) => void,
): (Tensor | IndexTensor | undefined)[] {
  host.intact();
  const { arena } = host;
  let bytes = round64(scratchBytes);
  // Address of numbers that are there already, or minus one minus the offset of the place it will have in this call's
  // block.
  const reserve = (home: Address | undefined, elements: number): number => {
    if (home !== undefined) return home;
    const place = -1 - bytes;
    bytes += round64(elements * 4);
    return place;
  };
  const data = inputs.map((input) => input && dataOf(input));
  const from = data.map((values) => (values ? reserve(arena.addressOf(values), values.length) : 0));
  const to = outputs.map((output) => {
    if (!output) return 0;
    const { out, shape } = output;
    return reserve(out && arena.addressOf(dataOf(out)), sizeOf(shape));
  });
  return arena.scratch(bytes, (block) => {
    const place = (at: number) => (at < 0 ? block - 1 - at : at);
    const write = (at: Address, values: Float32Array | Int32Array) => {
      if (values instanceof Int32Array) arena.i32(at, values.length).set(values);
      else arena.f32(at, values.length).set(values);
    };
    for (let i = 0; i < from.length; i++) if (from[i] < 0) write(place(from[i]), data[i] as Float32Array);
    for (let i = 0; i < to.length; i++) {
      const output = outputs[i];
      if (output?.accumulate && output.out && to[i] < 0) write(place(to[i]), dataOf(output.out));
    }
    work(from.map(place), to.map(place), block);
    return outputs.map((output, i) => {
      if (!output) return undefined;
      const { shape, out, type } = output;
      if (out && to[i] >= 0) return out;
      const at = place(to[i]);
      const view = type === 'i32' ? arena.i32(at, sizeOf(shape)) : arena.f32(at, sizeOf(shape));
      if (!out) return { data: copyOf(view), shape } as Tensor | IndexTensor;
      out.data.set(view);
      return out;
    });
  });
}
