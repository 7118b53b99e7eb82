import { along, gatherPlan, stepsOf } from '../nn/gather.js';
import { readable, type Serve, type Surroundings } from './kernel.js';
import { type Planned, Plans, runPlan } from './plans.js';
import type { TensorInfo } from './tf.js';

/** A second tensor of the same numbers, which are given back with the last one of them. */
function shared({ backend }: Surroundings, { dataId, shape, dtype }: TensorInfo): TensorInfo {
  backend.incRef(dataId);
  return { dataId, shape: [...shape], dtype };
}

const isOfNumbers = ({ dtype }: TensorInfo): boolean => dtype !== 'string' && dtype !== 'complex64';

/** The same tensor again: nothing is copied, since tensors never change. */
export const identity: Serve = (around, { inputs: { x } }) => (x && isOfNumbers(x) ? shared(around, x) : undefined);

/** A tensor of the type that it has. */
export const cast: Serve = (around, call) =>
  call.inputs.x?.dtype === call.attrs.dtype ? identity(around, call) : undefined;

const plans = new Plans<Planned>();

/** Most indices of an axis that a plan names. */
const MOST = 1 << 14;

/** A tensor so many times along each axis. */
export const tile: Serve = (around, { inputs: { x }, attrs }) => {
  const times = attrs.reps as readonly number[];
  if (!readable(around, x) || times.length !== x.shape.length) return undefined;
  if (times.every((count) => count === 1)) return shared(around, x);
  const plan = plans.recall([...times, -1, ...x.shape], () => {
    const shape = x.shape.map((extent, axis) => extent * times[axis]);
    if (!shape.every((extent) => extent >= 1 && extent <= MOST)) return undefined;
    const steps = stepsOf(x.shape);
    const places = shape.map((extent, axis) =>
      along(
        Array.from({ length: extent }, (_, i) => i % x.shape[axis]),
        steps[axis],
      ),
    );
    return { ...gatherPlan({ shape, places, value: 0 }), shape };
  });
  return plan && runPlan(around, plan, [x]);
};
