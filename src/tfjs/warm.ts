import { ADD } from '../nn/boundary.js';
import { elementwisePlan } from '../nn/elementwise.js';
import { gatherPlan } from '../nn/gather.js';
import { kernelsIn } from '../nn/kernels.js';
import { padView } from '../nn/pad.js';
import { sumPlan } from '../nn/sum.js';
import { choose } from '../plan/choose.js';
import { convTable } from '../plan/conv.js';
import { convProblem } from '../shape/conv.js';
import { poolProblem } from '../shape/pool.js';
import { sizeOf } from '../shape/tensor.js';
import type { Accuracy } from '../types.js';
import { stepsOf } from '../wasm/crew.js';
import type { Host } from '../wasm/host.js';
import { attempt } from '../wasm/view.js';
import { warmUp } from '../wasm/warm.js';
import { jobOf } from './plans.js';
import { maxPoolJob } from './pool.js';

/** Small layers of the kinds that networks are made of: pixels along an edge, ic, oc, kernel, stride, groups. */
const layers = [
  [8, 16, 24, 1, 1, 1],
  [9, 3, 8, 3, 2, 1],
  [16, 16, 16, 3, 1, 1],
  [9, 16, 16, 3, 1, 16],
  [9, 16, 16, 3, 2, 16],
  [8, 128, 128, 3, 1, 128],
  [16, 80, 80, 3, 1, 80],
  [8, 96, 96, 1, 1, 1],
  [4, 128, 2, 3, 1, 1],
  [9, 16, 16, 5, 2, 1],
];

/** A map of features with channels last. */
const map = [1, 9, 9, 16];

/** What stands between layers: pools, means, sums, paddings. */
function warmRest(on: Host): void {
  const sizes = [sizeOf(map), 2 * sizeOf(map)] as const;
  const pool = maxPoolJob(on, poolProblem('maxPool', 2, map, { kernelSize: 3, stride: 2, padding: 1, layout: 'NHWC' }));
  const steps = stepsOf(pool, ([x, , y]: readonly [number, number, number]) => [x, y] as const);
  warmUp(on, 'maxima', { ...pool, steps }, sizes);
  const plans = {
    mean: sumPlan(map, [false, true, true, false], 16, 1 / 81),
    sum: elementwisePlan(ADD, map, [map, map]),
    rows: elementwisePlan(ADD, map, [map, [16]]),
    padding: gatherPlan(padView(map, [...map.slice(0, 3).map(() => [0, 0] as const), [0, 8]], 'constant', 0)),
  };
  const kernels = { nn: kernelsIn(on), place: { on } };
  for (const [name, plan] of Object.entries(plans)) warmUp(on, name, jobOf(kernels, plan) as never, sizes);
}

/**
 * Has the engine compile the kernels of usual layers, which it does when they are called: first predictions of small
 * networks wait for it up to 10 ms longer.
 */
export function warmKernels(on: Host, accuracy: Accuracy): void {
  for (const layer of layers) {
    const [extent, ic, oc, kernel, stride, groups] = layer;
    const weightShape = [kernel, kernel, ic / groups, oc];
    const window = { padding: kernel >> 1, stride, groups };
    const options = { ...window, layout: 'NHWC', weightLayout: 'HWIO', activation: 'relu', accuracy };
    const p = convProblem(2, [1, extent, extent, ic], weightShape, options);
    const { row } = choose(convTable, { ...p, prepared: true });
    const weights = [new Float32Array(sizeOf(weightShape)), new Float32Array(oc)] as const;
    const job = attempt(on, () => row.prepare(on, p, ...weights));
    warmUp(on, `${row.name} ${layer}`, job, [sizeOf(p.xShape), sizeOf(p.yShape)]);
    job.dispose();
  }
  warmRest(on);
}
