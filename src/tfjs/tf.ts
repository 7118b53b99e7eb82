// What is used of TensorFlow.js, described here so that nothing of it is imported.

/** A tensor as kernels see it. */
export interface TensorInfo {
  readonly dataId: object;
  readonly shape: number[];
  readonly dtype: string;
}

/** What a kernel is called with. */
export interface Call {
  readonly inputs: Readonly<Record<string, TensorInfo | undefined>>;
  readonly attrs: Readonly<Record<string, unknown>>;
  readonly backend: Backend;
}

/** A kernel that is registered for a backend. */
export interface Kernel {
  readonly kernelName: string;
  readonly backendName: string;
  readonly kernelFunc: (call: Call) => TensorInfo | TensorInfo[];
}

/** What both backends have. */
export interface Backend {
  disposeData(dataId: object, force?: boolean): boolean;
  /** Counts one more tensor of these numbers. */
  incRef(dataId: object): void;
  readSync(dataId: object): unknown;
  dispose(): void;
}

/** The backend `wasm` of 4.x. */
export interface WasmBackend extends Backend {
  readonly wasm: {
    readonly asm?: { readonly memory?: unknown };
    readonly wasmMemory?: unknown;
    readonly HEAPU8: Uint8Array;
    _malloc(bytes: number): number;
    _free(at: number): void;
  };
  readonly dataIdMap: { get(dataId: object): { readonly memoryOffset: number } };
  makeOutput(shape: readonly number[], dtype: string): TensorInfo;
}

/** The backend `cpu` of 4.x. */
export interface CpuBackend extends Backend {
  readonly data: { get(dataId: object): { readonly values: unknown } };
  makeTensorInfo(shape: readonly number[], dtype: string, values: unknown): TensorInfo;
}

/** The numbers that `backend_util` works out for a window along each axis; depth where there is one. */
export interface WindowInfo {
  readonly [field: string]: unknown;
  readonly inShape: readonly number[];
  readonly outShape: readonly number[];
  readonly padInfo: Readonly<Record<string, number>>;
}

type Compute = (...given: unknown[]) => WindowInfo;

/** What of `tf.backend_util` is called. */
export interface BackendUtil {
  readonly computeConv2DInfo: Compute;
  readonly computeConv3DInfo: Compute;
  readonly computePool2DInfo: Compute;
  readonly computePool3DInfo: Compute;
}

/** The module `@tensorflow/tfjs` or `@tensorflow/tfjs-core`. */
export interface TensorFlow {
  getBackend(): string;
  backend(): object;
  getKernel(kernelName: string, backendName: string): unknown;
  registerKernel(config: never): void;
  unregisterKernel(kernelName: string, backendName: string): void;
  readonly backend_util: object;
}
