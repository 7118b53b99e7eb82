import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Folders of TensorFlow.js's specs of operations, in its package. */
const folders = ['ops', 'ops/fused', 'ops/image'];

/** Specs of operations that `accelerate` replaces, and of their gradients. */
const chosen = new RegExp(
  `^(${[
    ...['conv[1-3]d.*', 'depthwise_conv2d', 'fused_.*', '(avg|max|identity)?_?pool.*', 'mat_mul', 'batchnorm'],
    ...['add', 'sub', 'arithmetic', 'relu6?', 'leaky_relu', 'elu', 'selu', 'sigmoid', 'tanh', 'softplus', 'softmax'],
    ...['clip_by_value', 'abs', 'square', 'max', 'mean', 'sum', 'transpose', 'concat', 'slice.*', 'pad', 'mirror_pad'],
    ...['depth_to_space', 'resize_bilinear', 'resize_nearest_neighbor', 'prelu'],
  ].join('|')})_test\\.js$`,
);

const core = '@tensorflow/tfjs-core/dist';
const here = fileURLToPath(new URL('./', import.meta.url));

/**
 * Bundles the specs with TensorFlow.js, both backends and the entry, so that there is one of each.
 * @param {string} outfile
 */
export async function bundleSpecs(outfile) {
  const root = fileURLToPath(new URL(`../node_modules/${core}/`, import.meta.url));
  const specs = folders.flatMap((folder) =>
    readdirSync(root + folder)
      .filter((file) => chosen.test(file) && !file.includes('util'))
      .map((file) => `${core}/${folder}/${file}`),
  );
  const contents = ["import './main.js';", ...specs.map((file) => `require(${JSON.stringify(file)});`)].join('\n');
  await build({
    stdin: { contents, resolveDir: here },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    mainFields: ['module', 'main'],
    logLevel: 'error',
    // a module of ES as the entry has no place of its own in CommonJS
    define: { 'import.meta.url': '__url' },
    banner: { js: "const __url = require('node:url').pathToFileURL(__filename).href;" },
  });
}
