import { equal, throws, truthy } from './expect.js';

const count = (shape) => shape.reduce((product, extent) => product * extent, 1);
const ones = (shape) => ({ data: new Float32Array(count(shape)).fill(1), shape });

/** Tests of everything that owns memory: handles, arenas, and what `memoryUsage` says of them. */
export const lifetimes = (api) => {
  const { arena, conv2d, MemoryError, memoryUsage, prepareConv2d, tensor } = api;
  const x = ones([1, 2, 4, 5]);
  const weight = ones([3, 2, 3, 2]);

  return [
    {
      title: 'a prepared layer writes in place, and keeps memory until it is disposed of',
      run() {
        const before = memoryUsage();
        const layer = prepareConv2d(weight, { stride: [1, 2] }, x.shape);
        truthy(typeof layer.algorithm === 'string' && layer.workspaceBytes > 0, 'the layer says what serves it');
        truthy(memoryUsage().kept > before.kept, 'the layer keeps memory');
        const out = tensor(new Float32Array(12), [1, 3, 2, 2]);
        truthy(layer.run(x, out) === out, 'run returns out');
        equal([...out.data], new Array(12).fill(12));
        layer.dispose();
        layer.dispose();
        equal(memoryUsage().kept, before.kept, 'memory kept');
        equal(memoryUsage().used, before.used, 'memory used');
        throws(() => layer.run(x), MemoryError, /dispose/);
      },
    },
    {
      title: 'Symbol.dispose is there where the host has it',
      run() {
        const layer = prepareConv2d(weight, {}, x.shape);
        if (typeof Symbol.dispose === 'symbol') layer[Symbol.dispose]();
        else layer.dispose();
        throws(() => layer.run(x), MemoryError, /dispose/);
      },
    },
    {
      title: 'tensors of an arena are read and written in place, also after memory has grown',
      run() {
        const before = memoryUsage();
        const held = arena();
        const a = held.from(x.data, x.shape);
        const out = held.tensor([1, 3, 2, 4]);
        conv2d(a, weight, { out });
        const large = held.tensor([3, 1024, 1024]);
        equal([...out.data], new Array(24).fill(12));
        equal(large.data[large.data.length - 1], 0, 'last element of a new tensor');
        held.reset();
        throws(() => out.data, MemoryError, /reset|dispose/);
        held.dispose();
        held.dispose();
        throws(() => held.tensor([1]), MemoryError, /dispose/);
        equal(memoryUsage().kept, before.kept, 'memory kept');
      },
    },
    {
      title: 'views with an offset, and where the host has it shared memory, are honoured',
      run() {
        const buffers = [
          new ArrayBuffer(4 * 43),
          ...(typeof SharedArrayBuffer === 'function' ? [new SharedArrayBuffer(4 * 43)] : []),
        ];
        for (const buffer of buffers) {
          const data = new Float32Array(buffer, 12, 40).fill(1);
          equal([...conv2d({ data, shape: x.shape }, weight).data], new Array(24).fill(12));
        }
      },
    },
  ];
};
