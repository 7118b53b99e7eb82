import { choose } from '../plan/choose.js';
import { convTable } from '../plan/conv.js';
import { convProblem } from '../shape/conv.js';
import { sizeOf } from '../shape/tensor.js';
import type { Accuracy } from '../types.js';
import type { Host } from '../wasm/host.js';
import { attempt } from '../wasm/view.js';
import { warmUp } from '../wasm/warm.js';

/** Small layers of the kinds that networks are made of: pixels along an edge, channels, kernel, stride. */
const layers = [
  { extent: 8, ic: 16, oc: 24, kernel: 1, stride: 1, groups: 1 },
  { extent: 9, ic: 3, oc: 8, kernel: 3, stride: 2, groups: 1 },
  { extent: 16, ic: 16, oc: 16, kernel: 3, stride: 1, groups: 1 },
  { extent: 9, ic: 16, oc: 16, kernel: 3, stride: 1, groups: 16 },
  { extent: 9, ic: 16, oc: 16, kernel: 3, stride: 2, groups: 16 },
];

/**
 * Has the engine compile the kernels of usual layers, which it does when they are called: first predictions of small
 * networks wait for it up to 10 ms longer.
 */
export function warmKernels(on: Host, accuracy: Accuracy): void {
  for (const { extent, ic, oc, kernel, stride, groups } of layers) {
    const weightShape = [kernel, kernel, ic / groups, oc];
    const window = { padding: kernel >> 1, stride, groups };
    const options = { ...window, layout: 'NHWC', weightLayout: 'HWIO', activation: 'relu', accuracy };
    const p = convProblem(2, [1, extent, extent, ic], weightShape, options);
    const { row } = choose(convTable, { ...p, prepared: true });
    const weights = [new Float32Array(sizeOf(weightShape)), new Float32Array(oc)] as const;
    const job = attempt(on, () => row.prepare(on, p, ...weights));
    warmUp(on, `${row.name}, stride ${stride}`, job, [sizeOf(p.xShape), sizeOf(p.yShape)]);
    job.dispose();
  }
}
