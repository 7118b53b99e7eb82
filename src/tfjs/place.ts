import { UnsupportedError } from '../errors.js';
import { sizeOf } from '../shape/tensor.js';
import type { Tensor } from '../types.js';
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
  return {
    on,
    values: (tensor) => on.arena.f32(addressOf(tensor), sizeOf(tensor.shape)),
    reaches: (tensor) => addressOf(tensor) + sizeOf(tensor.shape) * 4 + SLACK <= wasm.HEAPU8.length,
    run(job, inputs, shape) {
      const y = backend.makeOutput(shape, 'float32');
      try {
        const operands = [...inputs.map(addressOf), addressOf(y)];
        const bytes = scratchBytes(job);
        if (bytes === 0) runAll(job, operands, 0);
        else on.arena.scratch(bytes, (at) => runAll(job, operands, at));
        return y;
      } catch (error) {
        backend.disposeData(y.dataId);
        throw error;
      }
    },
  };
}

/** In a memory of our own, for the backend `cpu`: operands are copied in, results out. */
function apart(backend: CpuBackend): Place {
  const on = host();
  const values = ({ dataId }: TensorInfo) => backend.data.get(dataId).values as Float32Array;
  return {
    on,
    values,
    reaches: (tensor) => values(tensor) instanceof Float32Array && values(tensor).length === sizeOf(tensor.shape),
    run(job, inputs, shape) {
      const operands = inputs.map((input) => input && { data: values(input), shape: input.shape });
      const [y] = runJob(on, job, operands, [{ shape }]);
      return backend.makeTensorInfo(shape, 'float32', (y as Tensor).data);
    },
  };
}

type Insides = Readonly<Record<string, unknown>>;

/** The member at a path, or undefined where one is missing on the way. */
const at = (of: unknown, path: string) =>
  path.split('.').reduce<unknown>((inside, name) => (inside as Insides | undefined | null)?.[name], of);

/** Members that are used, by backend, besides those of the wasm memory. */
const used = {
  wasm: ['wasm._malloc', 'wasm._free', 'wasm.HEAPU8.buffer', 'dataIdMap.get', 'makeOutput', 'disposeData'],
  cpu: ['data.get', 'makeTensorInfo', 'disposeData'],
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
