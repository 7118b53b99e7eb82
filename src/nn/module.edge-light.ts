// @ts-expect-error: the host compiles the file and imports it as a module
import nn from './nn.wasm?module';

/** As the host compiled it. */
export const module = (): WebAssembly.Module => nn as WebAssembly.Module;

/** No memory is shared there. */
export const bytes = undefined;
