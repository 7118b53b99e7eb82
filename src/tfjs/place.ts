import { UnsupportedError } from '../errors.js';
import { sizeOf } from '../shape/tensor.js';
import type { IndexTensor, Tensor } from '../types.js';
import { hostIn } from '../wasm/borrowed.js';
import { type Job, runJob, runOnThreads, scratchBytes } from '../wasm/crew.js';
import { gathered, HEADERS } from '../wasm/gathered.js';
import { type Host, host } from '../wasm/host.js';
import { SLACK } from '../wasm/memory.js';
import { isShared } from '../wasm/shared.js';
import { threadsOf } from '../wasm/sharing.js';
import type { Team } from '../wasm/team.js';
import type { Wanted } from '../wasm/workers.js';
import type { Backend, CpuBackend, TensorInfo, WasmBackend } from './tf.js';

/** Where a backend keeps its tensors, and how jobs run on them. */
export interface Place {
  readonly on: Host;
  /** The threads that work there, if there are several. */
  readonly team: Team | undefined;
  /** Why so many. */
  readonly threadsReason: string;
  /** The numbers of a tensor: a view for one expression. */
  values(tensor: TensorInfo): Float32Array;
  /** Whether kernels can read a tensor, and a vector behind it, where it stands. */
  reaches(tensor: TensorInfo): boolean;
  /** Runs a job whose operands are the inputs, 0 for one that is not there, and a new tensor. */
  run(job: Job, inputs: readonly (TensorInfo | undefined)[], shape: readonly number[]): TensorInfo;
  /** The same with two results of one shape, of which the second is of type int32. */
  runBoth(job: Job, inputs: readonly (TensorInfo | undefined)[], shape: readonly number[]): [TensorInfo, TensorInfo];
}

/** Why threads cannot share a heap, and what lets them. */
const UNSHARED =
  'the heap of TensorFlow.js is no shared memory, since it did not load tfjs-backend-wasm-threaded-simd.wasm: ' +
  `${HEADERS}; Node needs the flag WASM_HAS_MULTITHREAD_SUPPORT, and workers for it`;

/** In the heap of the backend `wasm`, nothing copied. */
async function inHeap(backend: WasmBackend, wanted: Wanted): Promise<Place> {
  const { wasm, dataIdMap } = backend;
  const memory = (wasm.asm?.memory ?? wasm.wasmMemory) as WebAssembly.Memory;
  const heap = {
    memory,
    allocate: (bytes: number) => wasm._malloc(bytes),
    release: (at: number) => wasm._free(at),
  };
  let team: Team | undefined;
  let started: Host | undefined;
  const start = async () => {
    const { gather, startTeam, whole } = await import('./team.js');
    return gather(wanted, (threads, worker) => {
      started = hostIn(heap, (module, linear) => {
        const running = startTeam(module, linear, threads, worker, wanted.leastFloats);
        team = running.crew;
        return running;
      });
      return whole(team as Team);
    });
  };
  const mayShare = isShared(memory) && wanted.threads !== 1;
  const { reason } = gathered(wanted.threads, mayShare ? await start() : UNSHARED);
  const on = started ?? hostIn(heap);
  const addressOf = (tensor: TensorInfo | undefined) => (tensor ? dataIdMap.get(tensor.dataId).memoryOffset : 0);
  const runInto = <Results extends TensorInfo[]>(
    job: Job,
    inputs: readonly (TensorInfo | undefined)[],
    results: Results,
  ): Results => {
    let scratch = 0;
    try {
      const all = [...inputs, ...results];
      const threads = threadsOf(on, job, all);
      const bytes = scratchBytes(job, threads);
      if (bytes > 0) scratch = on.arena.alloc(bytes);
      runOnThreads(on, job, all.map(addressOf), threads, scratch);
    } catch (error) {
      // a worker that does not answer may still write to them
      if (team?.lost) throw error;
      if (scratch > 0) on.arena.free(scratch);
      for (const { dataId } of results) backend.disposeData(dataId);
      throw error;
    }
    if (scratch > 0) on.arena.free(scratch);
    return results;
  };
  return {
    on,
    team,
    threadsReason: reason,
    values: (tensor) => on.arena.f32(addressOf(tensor), sizeOf(tensor.shape)),
    reaches: (tensor) => addressOf(tensor) + sizeOf(tensor.shape) * 4 + SLACK <= wasm.HEAPU8.length,
    run: (job, inputs, shape) => runInto(job, inputs, [backend.makeOutput(shape, 'float32')])[0],
    runBoth: (job, inputs, shape) =>
      runInto(job, inputs, [backend.makeOutput(shape, 'float32'), backend.makeOutput(shape, 'int32')]),
  };
}

/** In a memory of our own, for the backend `cpu`: operands are copied in, results out. */
function apart(backend: CpuBackend, wanted: Wanted): Place {
  const { reason } = gathered(wanted.threads, 'the backend cpu has no memory that could be shared');
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
    team: undefined,
    threadsReason: reason,
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

/**
 * Opens a backend, with the threads that are wanted.
 * @throws UnsupportedError for one whose insides are not as expected, and where a number of threads cannot be had
 */
export async function placeOf(name: string, backend: Backend, wanted: Wanted): Promise<Place> {
  if (name !== 'wasm' && name !== 'cpu')
    throw new UnsupportedError(`the backend of TensorFlow.js is "${name}", expected "wasm" or "cpu"`);
  for (const path of used[name]) {
    if (at(backend, path) === undefined)
      throw new UnsupportedError(`the ${name} backend of TensorFlow.js has no ${path}, which 4.x has`);
  }
  if (name === 'cpu') return apart(backend as CpuBackend, wanted);
  const { wasm } = backend as WasmBackend;
  const memory = wasm.asm?.memory ?? wasm.wasmMemory;
  const buffer = at(memory, 'buffer');
  // a shared memory has another buffer whenever a thread asks what others have grown
  if (buffer !== wasm.HEAPU8.buffer && (buffer === undefined || !isShared(memory as WebAssembly.Memory)))
    throw new UnsupportedError('the wasm backend of TensorFlow.js has no wasm.asm.memory, which 4.x has');
  return inHeap(backend as WasmBackend, wanted);
}
