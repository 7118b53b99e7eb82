import { equal, rejects, throws, truthy } from './expect.js';

const zeros = (...shape) => ({ data: new Float32Array(shape.reduce((product, extent) => product * extent, 1)), shape });

/** Tests of errors and of what the package says of itself. */
export const errors = (api) => {
  const { conv2d, features, gemm, init, memoryUsage, OptionError, ShapeError, StridewiseError, tensor } = api;

  return [
    {
      title: 'a shape that does not fit is named with what was found and expected',
      run() {
        throws(() => conv2d(zeros(1, 3, 4, 4), zeros(2, 4, 3, 3)), ShapeError, /3 channels.* 4/);
        throws(() => conv2d(zeros(1, 1, 2, 2), zeros(1, 1, 3, 3)), ShapeError, /height/);
        throws(() => gemm(zeros(2, 3), zeros(4, 2)), ShapeError, /3.*4|4.*3/);
        throws(() => tensor(new Float32Array(3), [2, 2]), StridewiseError, /3.*4|4.*3/);
      },
    },
    {
      title: 'errors have their names, although the code is minified',
      run() {
        equal(new ShapeError('').name, 'ShapeError');
        equal(new OptionError('').name, 'OptionError');
        equal(new StridewiseError('', '').name, 'StridewiseError');
        equal(`${new StridewiseError('TRAP', 'why')}`, 'StridewiseError: why');
      },
    },
    {
      title: 'an unknown option is refused with the likely name',
      run() {
        throws(
          () => conv2d(zeros(1, 1, 4, 4), zeros(1, 1, 3, 3), { strides: 2 }),
          OptionError,
          /did you mean "stride"/,
        );
      },
    },
    {
      title: 'after errors everything works, and no memory is lost',
      run() {
        const before = memoryUsage().used;
        for (let i = 0; i < 20; i++)
          throws(() => conv2d(zeros(1, 1, 4, 4), zeros(1, 1, 3, 3), { out: zeros(1) }), StridewiseError, /out/);
        equal(memoryUsage().used, before, 'memory used');
        equal(conv2d(zeros(1, 1, 4, 4), zeros(1, 1, 3, 3)).shape, [1, 1, 2, 2], 'shape');
      },
    },
    {
      title: 'init refuses what it does not know, and leaves everything as it was',
      async run() {
        const before = features();
        await rejects(init({ simd: 'fast' }), OptionError, /simd/);
        await rejects(init({ module: {} }), OptionError, /module/);
        equal(features(), before, 'features');
      },
    },
    {
      title: 'features() and memoryUsage() tell what runs',
      run() {
        const { build, reason, simd, relaxedSimd, fused, processor, tune, tileRows } = features();
        truthy(['simd', 'relaxed', 'custom'].includes(build), `build ${build}`);
        truthy(reason.length > 0 && simd === true && typeof relaxedSimd === 'boolean', 'reason, simd, relaxedSimd');
        truthy(!(fused && build === 'simd'), 'strict builds do not fuse');
        truthy(['x86', 'arm'].includes(processor) && tune === processor, `processor ${processor}, tune ${tune}`);
        truthy([4, 6, 8].includes(tileRows), `tileRows ${tileRows}`);
        const { used, kept, reserved } = memoryUsage();
        truthy(kept <= used && used <= reserved && reserved % 65536 === 0, `memory ${used} ${kept} ${reserved}`);
      },
    },
  ];
};
