/** Specs that fail on the backend `wasm`, accelerated as well as plain, by a part of their name, and why. */
export const known = [
  { spec: /complex/, reason: 'wasm has no complex numbers' },
  { spec: /upcasts when dtypes dont match/, reason: 'wasm has no complex numbers, and multiplies no integers' },
  { spec: /^slice2d .* throws when requesting out of bounds/, reason: 'wasm does not check bounds' },
  { spec: /^gather .* gradient /, reason: 'wasm has no UnsortedSegmentSum' },
  { spec: /^clipByValue .* (basic vec4|propagates NaNs)/, reason: 'wasm clips NaN' },
  {
    spec: /^fused (conv2d|depthwiseConv2D) .* (backProp input|gradient) /,
    reason: 'wasm copies what a gradient keeps, which the check for leaks counts',
  },
];
