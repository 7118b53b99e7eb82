// @ts-expect-error: the host compiles the file and imports it as a module
import nn from './nn.wasm';

/** As a static import, compiled when the worker is deployed. */
export const module = (): WebAssembly.Module => nn as WebAssembly.Module;

/** No memory is shared there. */
export const bytes = undefined;
