/** Specs that fail on the backend `wasm`, accelerated as well as plain, by a part of their name, and why. */
export const known = [
  {
    spec: /complex|underflow-safe for complex64|upcasts when dtypes dont match/,
    reason: 'wasm has no complex numbers',
  },
  { spec: /^matmul .* upcasts when dtypes dont match/, reason: 'wasm multiplies no integers' },
  { spec: /^slice2d .* throws when requesting out of bounds/, reason: 'wasm does not check bounds' },
];
