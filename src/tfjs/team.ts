// What threads need besides: a file of its own, which `accelerate` loads where the heap of TensorFlow.js is shared.
export { startTeam } from '../wasm/start-team.js';
export { gather, whole } from '../wasm/workers.js';
