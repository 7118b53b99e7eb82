import { nodeResolve } from '@rollup/plugin-node-resolve';
import { rollup } from 'rollup';

/** Leaves the kernels to the host, which compiles what is imported. */
const kernels = {
  name: 'kernels',
  resolveId(id) {
    const [, build] = /([a-z]+)\.wasm(?:\?module)?$/.exec(id) ?? [];
    return build && { id: `./${build}.wasm`, external: true };
  },
};

/** One script of a main file, with the package resolved under the conditions of a host. */
export async function bundle(input, conditions, output) {
  const resolve = nodeResolve({ exportConditions: conditions });
  const built = await rollup({
    input,
    plugins: [kernels, resolve],
    onwarn: (warning) => {
      throw new Error(warning.message);
    },
  });
  const {
    output: [chunk],
  } = await built.generate(output);
  await built.close();
  return chunk.code;
}
