// A small U-Net learns to remove noise from pictures that the example draws. All its arithmetic is done by functions
// that anybody can import from stridewise and stridewise/nn.
//   npm run unet -- [--seed N] [--steps N] [--simd BUILD] [--out DIR]
// unet.js has the network, graph.js its functions and their gradients, train.js the loop.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { features, init } from 'stridewise';
import { attempt, integer, optionsOf, simdOf, start, UsageError } from '../common/command.js';
import { Progress } from '../common/progress.js';
import { encodePicture } from '../picture/png.js';
import { sheet } from '../train/pictures.js';
import { curve, LINES } from './curve.js';
import { extent, NOISE, psnr, train } from './train.js';

/** A whole run, and the PSNR that it must reach in the test, in decibels. */
const STEPS = 600;
const GOAL = 25.5;
/** Lines of the table. */
const ROWS = 10;
/** Pictures of the test that are shown. */
const SHOWN = 8;

const HELP = `Trains a small U-Net to remove noise from pictures that it draws itself.

  npm run unet -- [options]

  --seed N       of everything that is random (default: 1)
  --steps N      of learning (default: ${STEPS})
  --simd BUILD   strict (the same numbers in every run), relaxed, or auto: relaxed where the host runs it (default: auto)
  --out DIR      where the results go (default: out)
  --help         this text

Results: denoised.png (noisy pictures, what the network makes of them, the clean ones), loss.png (the mean square of the
error over the steps, as PSNR: a line every ${LINES} dB). A run of at least ${STEPS} steps must reach ${GOAL} dB; otherwise the exit code
is 1.`;

/** @param {string[]} args */
const readOptions = (args) =>
  optionsOf('npm run unet', () => {
    const { values } = parseArgs({
      args,
      options: {
        seed: { type: 'string', default: '1' },
        steps: { type: 'string', default: String(STEPS) },
        simd: { type: 'string', default: 'auto' },
        out: { type: 'string', default: 'out' },
        help: { type: 'boolean', default: false },
      },
    });
    const [seed, steps] = [integer('seed', values.seed, 0, 2 ** 32 - 1), integer('steps', values.steps, 1, 100_000)];
    return { ...values, seed, steps, simd: simdOf(values.simd) };
  });

/** @param {string[]} args */
async function main(args) {
  const { help, seed, steps, simd, out } = readOptions(args);
  if (help) return console.log(HELP);
  await init({ simd });
  attempt(`cannot write to ${out}`, () => mkdirSync(out, { recursive: true }));
  console.log(`${features().build} build, Node ${process.versions.node}, seed ${seed}\n`);
  const begin = performance.now();
  const result = watched(steps, seed);
  const seconds = (performance.now() - begin) / 1000;
  console.log(`\nlearnt in ${seconds.toFixed(1)} s, ${steps} steps of ${((1000 * seconds) / steps).toFixed(1)} ms`);
  console.log(
    `PSNR in the test: ${result.before.toFixed(2)} dB of the noisy pictures, ${result.after.toFixed(2)} dB without noise`,
  );
  write(join(out, 'denoised.png'), shown(result));
  write(join(out, 'loss.png'), curve(result.losses));
  // a shorter run promises nothing
  if (steps >= STEPS && !(result.after >= GOAL))
    throw new UsageError(`PSNR in the test is ${result.after.toFixed(2)} dB, expected at least ${GOAL} dB`);
}

/** Learns, and says how it goes. @param {number} steps @param {number} seed */
function watched(steps, seed) {
  const progress = new Progress();
  progress.stage(`removing noise of deviation ${NOISE}`, steps);
  progress.print(['step', 'loss', 'PSNR'].map((word) => word.padStart(10)).join(''));
  let [sum, count] = [0, 0];
  try {
    return train(steps, seed, (step, loss) => {
      sum += loss;
      count++;
      const cells = [String(step), (sum / count).toFixed(6), `${psnr(sum / count).toFixed(2)} dB`];
      progress.at(step, `loss ${cells[1]}  PSNR ${cells[2]}`);
      if (Math.floor((step * ROWS) / steps) === Math.floor(((step - 1) * ROWS) / steps)) return;
      progress.print(cells.map((cell) => cell.padStart(10)).join(''));
      [sum, count] = [0, 0];
    });
  } finally {
    progress.end();
  }
}

/** Three rows: noisy, found, clean. @param {import('./train.js').Result} result */
function shown({ noisy, found, clean }) {
  const area = extent ** 2;
  const tiles = [noisy, found, clean].flatMap((list) =>
    Array.from({ length: SHOWN }, (_, i) => ({ extent, data: list.subarray(i * area, (i + 1) * area) })),
  );
  return sheet(tiles, SHOWN, 2);
}

/** @param {string} file @param {import('stridewise').Tensor} picture */
function write(file, picture) {
  attempt(`cannot write ${file}`, () => writeFileSync(file, encodePicture(picture)));
  console.log(`wrote ${file}`);
}

await start(main);
