import { MemoryError } from '../errors.js';
import type { IndexTensor, Tensor } from '../types.js';
import type { Address, Arena } from './arena.js';
import { round64 } from './block.js';
import type { Host } from './host.js';
import { copied } from './sharing.js';

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
    return copied(view);
  } catch {
    throw new MemoryError(`the host refuses ${view.byteLength} bytes for the result`);
  }
}

/** Copies numbers into linear memory. */
function write(arena: Arena, at: Address, values: Float32Array | Int32Array): void {
  if (values instanceof Int32Array) arena.i32(at, values.length).set(values);
  else arena.f32(at, values.length).set(values);
}

/** A result out of the block of a call, which ends with it. */
function read(arena: Arena, at: Address, { shape, out, type }: Output): Tensor | IndexTensor {
  const view = type === 'i32' ? arena.i32(at, sizeOf(shape)) : arena.f32(at, sizeOf(shape));
  if (!out) return { data: copyOf(view), shape } as Tensor | IndexTensor;
  out.data.set(view);
  return out;
}

/**
 * Brings operands into linear memory, runs `work` on the addresses of inputs and outputs, and brings the results out.
 * What stands in this instance's memory already stays there. Everything taken is given back in any case; an operand or
 * result that is undefined has address 0. In loops, as closures would be made anew at every call of a small layer.
 */
export function runOn(
  host: Host,
  inputs: readonly (Tensor | IndexTensor | undefined)[],
  outputs: readonly (Output | undefined)[],
  scratchBytes: number,
  work: (operands: readonly Address[], scratch: Address) => void,
): (Tensor | IndexTensor | undefined)[] {
  host.intact();
  const { arena } = host;
  let bytes = round64(scratchBytes);
  const data: (Float32Array | Int32Array | undefined)[] = [];
  // addresses of numbers that are there already, or minus one minus the offset of their place in this call's block
  const at: number[] = [];
  for (const input of inputs) {
    const values = input && dataOf(input);
    const address = values ? (arena.addressOf(values) ?? -1 - bytes) : 0;
    if (values && address < 0) bytes += round64(values.length * 4);
    data.push(values);
    at.push(address);
  }
  for (const output of outputs) {
    const address = output ? ((output.out && arena.addressOf(dataOf(output.out))) ?? -1 - bytes) : 0;
    if (output && address < 0) bytes += round64(sizeOf(output.shape) * 4);
    at.push(address);
  }
  const block = arena.alloc(bytes);
  try {
    for (let i = 0; i < data.length; i++) {
      if (at[i] >= 0) continue;
      at[i] = block - 1 - at[i];
      write(arena, at[i], data[i] as Float32Array);
    }
    const moved: (Output | undefined)[] = [];
    for (let i = 0, own = data.length; i < outputs.length; i++, own++) {
      const output = at[own] < 0 ? outputs[i] : undefined;
      moved.push(output);
      if (!output) continue;
      at[own] = block - 1 - at[own];
      if (output.accumulate && output.out) write(arena, at[own], dataOf(output.out));
    }
    work(at, block);
    const results: (Tensor | IndexTensor | undefined)[] = [];
    for (let i = 0; i < moved.length; i++) {
      const output = moved[i];
      results.push(output ? read(arena, at[data.length + i], output) : outputs[i]?.out);
    }
    return results;
  } finally {
    arena.free(block);
  }
}
