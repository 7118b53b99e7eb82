import type { Address } from './wasm/arena.js';
import type { Job } from './wasm/crew.js';
import type { Host } from './wasm/host.js';

/** Maps of a result, row-major: [n, c, cells], or [n, cells, c] with channels last. */
export interface Maps {
  readonly channelsLast: boolean;
  readonly n: number;
  readonly c: number;
  readonly cells: number;
}

/** An activation whose kernels are in another module. */
export interface Further {
  /** What its gradient is made from: the result, or the sum before the activation. */
  readonly saved: 'y' | 'preActivation';
  /** @throws ShapeError when it is not for so many channels */
  check(channels: number): void;
  /** Overwrites maps by their activation. */
  job(host: Host, extents: Maps): Job<readonly [maps: Address]>;
  /** Gradient of the sum, from that of the result and what is saved. */
  grad(host: Host, to: Address, gradient: Address, saved: Address, extents: Maps): void;
}

/** Bounds of an activation, and what follows them. */
export type Clamp = readonly [lo: number, hi: number, further?: Further];

/** Makes an activation of the option's value. @throws OptionError */
type Read = (value: unknown) => Further;

/** Other entries of the package are other modules, with everything of their own: they meet here. */
const key = Symbol.for('stridewise: further activations');

interface Meeting {
  [key]?: Read;
}

/** Makes further activations known to every operator. */
export const offerFurther = (read: Read): void => {
  (globalThis as Meeting)[key] = read;
};

/** What makes them, once a module has offered that. */
export const readFurther = (): Read | undefined => (globalThis as Meeting)[key];
