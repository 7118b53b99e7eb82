import { UnsupportedError } from '../errors.js';
import { sizeOf } from '../shape/tensor.js';
import type { IndexTensor, Tensor } from '../types.js';
import { hostIn } from '../wasm/borrowed.js';
import { type Job, runAll, runJob, scratchBytes } from '../wasm/crew.js';
import { type Host, host } from '../wasm/host.js';
import { SLACK } from '../wasm/memory.js';
import type { Backend, CpuBackend, TensorInfo, WasmBackend } from './tf.js';

/** Where a backend keeps its tensors, and how jobs run on them. */
export interface Place {
  readonly on: Host;
  /** The numbers of a tensor: a view for one expression. */
  values(tensor: TensorInfo): Float32Array;
  /** Whether kernels can read a tensor, and a vector behind it, where it stands. */
  reaches(tensor: TensorInfo): boolean;
  /** Runs a job whose operands are the inputs, 0 for one that is not there, and a new tensor. */
  run(job: Job, inputs: readonly (TensorInfo | undefined)[], shape: readonly number[]): TensorInfo;
  /** The same with two results of one shape, of which the second is of type int32. */
  runBoth(job: Job, inputs: readonly (TensorInfo | undefined)[], shape: readonly number[]): [TensorInfo, TensorInfo];
}

/** In the heap of the backend `wasm`, nothing copied. */
function inHeap(backend: WasmBackend): Place {
  const { wasm, dataIdMap } = backend;
  const memory = (wasm.asm?.memory ?? wasm.wasmMemory) as WebAssembly.Memory;
  const on = hostIn({
    memory,
    allocate: (bytes) => wasm._malloc(bytes),
    release: (at) => wasm._free(at),
  });
  const addressOf = (tensor: TensorInfo | undefined) => (tensor ? dataIdMap.get(tensor.dataId).memoryOffset : 0);
  const runInto = <Results extends TensorInfo[]>(
    job: Job,
    inputs: readonly (TensorInfo | undefined)[],
    results: Results,
  ): Results => {
    try {
      const operands = [...inputs, ...results].map(addressOf);
      const bytes = scratchBytes(job);
      if (bytes === 0) runAll(job, operands, 0);
      else on.arena.scratch(bytes, (at) => runAll(job, operands, at));
      return results;
    } catch (error) {
      for (const { dataId } of results) backend.disposeData(dataId);
      throw error;
    }
  };
  return {
    on,
    values: (tensor) => on.arena.f32(addressOf(tensor), sizeOf(tensor.shape)),
    reaches: (tensor) => addressOf(tensor) + sizeOf(tensor.shape) * 4 + SLACK <= wasm.HEAPU8.length,
    run: (job, inputs, shape) => runInto(job, inputs, [backend.makeOutput(shape, 'float32')])[0],
    runBoth: (job, inputs, shape) =>
      runInto(job, inputs, [backend.makeOutput(shape, 'float32'), backend.makeOutput(shape, 'int32')]),
  };
}

/** In a memory of our own, for the backend `cpu`: operands are copied in, results out. */
function apart(backend: CpuBackend): Place {
  const on = host();
  const stored = ({ dataId }: TensorInfo) => backend.data.get(dataId).values;
  /** What was cast to floats may stand there as the integers that it was. */
  const values = (tensor: TensorInfo) => {
    const numbers = stored(tensor) as Float32Array | Int32Array | Uint8Array;
    return numbers instanceof Float32Array ? numbers : Float32Array.from(numbers);
  };
  const results = (
    job: Job,
    inputs: readonly (TensorInfo | undefined)[],
    shape: readonly number[],
    types: readonly ('f32' | 'i32')[],
  ) => {
    const operands = inputs.map((input) => input && { data: values(input), shape: input.shape });
    const found = runJob(
      on,
      job,
      operands,
      types.map((type) => ({ shape, type })),
    ) as (Tensor | IndexTensor)[];
    return found.map(({ data }, i) => backend.makeTensorInfo(shape, types[i] === 'i32' ? 'int32' : 'float32', data));
  };
  return {
    on,
    values,
    reaches(tensor) {
      const numbers = stored(tensor);
      return ArrayBuffer.isView(numbers) && (numbers as Float32Array).length === sizeOf(tensor.shape);
    },
    run: (job, inputs, shape) => results(job, inputs, shape, ['f32'])[0],
    runBoth: (job, inputs, shape) => results(job, inputs, shape, ['f32', 'i32']) as [TensorInfo, TensorInfo],
  };
}

type Insides = Readonly<Record<string, unknown>>;

/** The member at a path, or undefined where one is missing on the way. */
const at = (of: unknown, path: string) =>
  path.split('.').reduce<unknown>((inside, name) => (inside as Insides | undefined | null)?.[name], of);

/** Members that are used, by backend, besides those of the wasm memory. */
const used = {
  wasm: [
    'wasm._malloc',
    'wasm._free',
    'wasm.HEAPU8.buffer',
    'dataIdMap.get',
    'makeOutput',
    'disposeData',
    'incRef',
    'readSync',
  ],
  cpu: ['data.get', 'makeTensorInfo', 'disposeData', 'incRef', 'readSync'],
} as const;

/** Opens a backend. @throws UnsupportedError for one whose insides are not as expected */
export function placeOf(name: string, backend: Backend): Place {
  if (name !== 'wasm' && name !== 'cpu')
    throw new UnsupportedError(`the backend of TensorFlow.js is "${name}", expected "wasm" or "cpu"`);
  for (const path of used[name]) {
    if (at(backend, path) === undefined)
      throw new UnsupportedError(`the ${name} backend of TensorFlow.js has no ${path}, which 4.x has`);
  }
  if (name === 'cpu') return apart(backend as CpuBackend);
  const { wasm } = backend as WasmBackend;
  const memory = wasm.asm?.memory ?? wasm.wasmMemory;
  if (at(memory, 'buffer') !== wasm.HEAPU8.buffer)
    throw new UnsupportedError('the wasm backend of TensorFlow.js has no wasm.asm.memory, which 4.x has');
  return inHeap(backend as WasmBackend);
}
