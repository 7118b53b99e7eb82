// Loops of other libraries, by the same models on the same day: LiteRT's module takes ten minutes to compile by
// emulation. `--module FILE` makes figures of any module again.
export const kept = [
  { name: 'LiteRT.js 4x8, relaxed', amount: 32, instructions: 79, rates: [1.77, 1.59, 0.84, 0.84, 0.22] },
  { name: 'tfjs-wasm 4x8, multiply and add', amount: 32, instructions: 98, rates: [1.31, 1.0, 0.4, 0.4, 0.14] },
];
