import { StridewiseError, UnsupportedError } from '../errors.js';
import type { Surroundings } from './kernel.js';
import { kernels } from './kernels.js';
import type { Place } from './place.js';
import type { Prepared } from './prepared.js';
import type { Backend, Call, TensorFlow } from './tf.js';

/** Replaces kernels of a backend; the result puts them back. */
export function replace(
  tf: TensorFlow,
  name: string,
  backend: Backend,
  names: readonly string[],
  around: Surroundings,
) {
  const previous = names.map((kernelName) => {
    const before = around.kernel(kernelName);
    const serve = kernels[kernelName];
    const kernelFunc = (call: Call) => {
      try {
        const served = call.backend === backend && !around.place.on.trapped() ? serve(around, call) : undefined;
        if (served) return served;
      } catch (error) {
        if (!before || !(error instanceof StridewiseError)) throw error;
      }
      if (!before) throw new UnsupportedError(`${kernelName} with these operands has no kernel in the ${name} backend`);
      return before.kernelFunc(call);
    };
    if (before) tf.unregisterKernel(kernelName, name);
    tf.registerKernel({ ...before, kernelName, backendName: name, kernelFunc } as never);
    return [kernelName, before] as const;
  });
  return () => {
    for (const [kernelName, before] of previous) {
      tf.unregisterKernel(kernelName, name);
      if (before) tf.registerKernel(before as never);
    }
  };
}

/** Puts a method of the backend in place of another one; the result puts that back. */
function override<Name extends 'disposeData' | 'dispose'>(backend: Backend, name: Name, method: Backend[Name]) {
  const before = backend[name];
  const own = Object.hasOwn(backend, name);
  backend[name] = method;
  return () => {
    if (own) backend[name] = before;
    else delete (backend as Partial<Backend>)[name];
  };
}

/**
 * Gives packed weights back when the backend disposes of their filter, and ends the workers when it is disposed of
 * itself; the results end that.
 */
export function watch(backend: Backend, prepared: Prepared, { team }: Place): (() => void)[] {
  const { disposeData, dispose } = backend;
  return [
    override(backend, 'disposeData', (dataId, force) => {
      const isGone = disposeData.call(backend, dataId, force);
      if (isGone) prepared.forget(dataId);
      return isGone;
    }),
    override(backend, 'dispose', () => {
      team?.stop('TensorFlow.js has disposed of the backend');
      dispose.call(backend);
    }),
  ];
}
