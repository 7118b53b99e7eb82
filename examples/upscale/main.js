// Doubles a picture by a network that others have trained: @upscalerjs/default-model, a residual dense network (Y. Zhang
// et al., Residual dense network for image super-resolution, 2018). Its files are installed on first use.
//   npm run upscale -- [--in FILE] [--out FILE] [--check]
// files.js and model.js read it, network.js runs it, tiles.js cuts large pictures, check.js has TensorFlow.js do the same.

import { readFileSync, writeFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { features } from 'stridewise';
import { permute } from 'stridewise/nn';
import { attempt, optionsOf, start, UsageError } from '../common/command.js';
import { installPackages } from '../common/install.js';
import { Progress } from '../common/progress.js';
import { decodePicture, encodePicture } from '../picture/png.js';
import { runTensorflow } from './check.js';
import { readModel } from './files.js';
import { timed } from './timed.js';
import { upscale } from './upscale.js';

const HELP = `Doubles a PNG picture by a pretrained network, which is installed on first use.

  npm run upscale -- [options]

  --in FILE   the picture (default: the landscape of npm start)
  --out FILE  where the result goes (default: upscaled.png)
  --check     runs the same model in TensorFlow.js, too, and compares pictures and times
  --help      this text`;

const packages = new URL('packages/', import.meta.url);
const model = new URL('node_modules/@upscalerjs/default-model/models/', packages);

/** The model's levels are those of a file. */
const LEVELS = 255;
/** Runs that are timed by --check. */
const RUNS = 3;

/** @typedef {import('stridewise').Tensor} Tensor */

/** @param {Tensor} x @param {number} factor @returns {Tensor} */
const times = ({ data, shape }, factor) => ({ data: data.map((value) => value * factor), shape });

/** @param {string[]} args */
async function main(args) {
  const options = readOptions(args);
  if (options.help) return console.log(HELP);
  if (resolve(options.in) === resolve(options.out))
    throw new UsageError(`${options.in} would be overwritten: choose another --out`);
  const picture = attempt(`cannot read ${options.in}`, () => decodePicture(readFileSync(options.in)));
  installPackages(packages, { dev: options.check });
  const network = readModel(model);
  const x = times(permute(picture, [0, 2, 3, 1]), LEVELS);
  const { y, ms } = run(network, x, options.check ? RUNS : 0);
  const [, height, width] = y.shape;
  const size = `${x.shape[2]}×${x.shape[1]} to ${width}×${height} pixels`;
  console.log(`${basename(options.in)}, ${size}; ${features().build} build, Node ${process.versions.node}`);
  console.log(`${seconds(ms)} on one thread`);
  const file = encodePicture(times(permute(y, [0, 3, 1, 2]), 1 / LEVELS));
  attempt(`cannot write ${options.out}`, () => writeFileSync(options.out, file));
  console.log(`wrote ${options.out}`);
  if (options.check) await check(x, y, ms);
}

/** @param {string[]} args */
const readOptions = (args) =>
  optionsOf(
    'npm run upscale',
    () =>
      parseArgs({
        args,
        options: {
          in: { type: 'string', default: fileURLToPath(new URL('../picture/landscape.png', import.meta.url)) },
          out: { type: 'string', default: 'upscaled.png' },
          check: { type: 'boolean', default: false },
          help: { type: 'boolean', default: false },
        },
      }).values,
  );

/** @param {number} ms */
const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`;

/**
 * The result, and the milliseconds of the best run. @param {import('./model.js').Model} network @param {Tensor} x
 * @param {number} again how many more runs
 */
function run(network, x, again) {
  const progress = new Progress();
  try {
    let ms = Number.POSITIVE_INFINITY;
    let y = x;
    for (let i = 0; i <= again; i++) {
      progress.stage('upscaling');
      const [found, took] = timed(() => upscale(network, x, (share) => progress.at(share, '')));
      y = found;
      ms = Math.min(ms, took);
    }
    return { y, ms };
  } finally {
    progress.end();
  }
}

/** @param {Tensor} x @param {Tensor} y what we made of it @param {number} ms that took us */
async function check(x, y, ms) {
  console.error('running the model in TensorFlow.js …');
  const other = await runTensorflow(model, x, RUNS);
  const largest = y.data.reduce((most, value, i) => Math.max(most, Math.abs(value - other.data[i])), 0);
  console.log(`TensorFlow.js, wasm, one thread: ${seconds(other.ms)}, ${(other.ms / ms).toFixed(1)} times as long`);
  console.log(`largest difference: ${largest.toFixed(4)} of ${LEVELS} levels`);
  if (!(largest <= 1)) throw new UsageError('the pictures differ by more than a level');
}

await start(main);
