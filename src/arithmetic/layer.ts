import type { PerAxis } from '../types.js';
import type { PoolWindow, SlidingWindow, TransposedWindow } from './axes.js';

interface Weighted {
  readonly kind: string;
  /** One number per output channel (or feature) is added; false by default. */
  readonly bias?: boolean | undefined;
  /** 1 by default. */
  readonly batch?: number | undefined;
}

interface Convolving extends Weighted {
  /** Cells of the input: a number for one axis, or a list of one to three. */
  readonly inputSize: PerAxis;
  readonly inChannels: number;
  readonly outChannels: number;
}

/** A convolution; with `groups` = `inChannels` it is depthwise. */
export interface ConvLayer extends Convolving, SlidingWindow {
  readonly kind: 'conv';
  /** Divides both channel counts; 1 by default. */
  readonly groups?: number | undefined;
}

/** A transposed convolution. */
export interface ConvTransposeLayer extends Convolving, TransposedWindow {
  readonly kind: 'convTranspose';
  /** Divides both channel counts; 1 by default. */
  readonly groups?: number | undefined;
}

/** A convolution whose weights are not shared between positions. */
export interface LocallyConnectedLayer extends Convolving, SlidingWindow {
  readonly kind: 'locallyConnected';
}

/** A fully connected layer. */
export interface LinearLayer extends Weighted {
  readonly kind: 'linear';
  readonly inFeatures: number;
  readonly outFeatures: number;
}

/** A pool of any kind. */
export interface PoolLayer extends PoolWindow {
  readonly kind: 'pool';
  /** Cells of the input: a number for one axis, or a list of one to three. */
  readonly inputSize: PerAxis;
  readonly channels: number;
  /** 1 by default. */
  readonly batch?: number | undefined;
}

/** A layer to count, told apart by its `kind`. */
export type Layer = ConvLayer | ConvTransposeLayer | LocallyConnectedLayer | LinearLayer | PoolLayer;
