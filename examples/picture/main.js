// Four convolutions on a real picture: a Gaussian blur, Sobel's edges, a bank of 32 Gabor and embossing filters, half
// the size. Writes their pictures and prints which algorithm ran, how fast, and how a plain JavaScript loop compares.
//   npm start -- [--in FILE] [--out DIR]
// landscape.js painted the picture it uses by default; layers.js lists what is computed.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { features } from 'stridewise';
import { attempt, optionsOf, start, UsageError } from '../common/command.js';
import { compare, operations } from './compare.js';
import { layersFor } from './layers.js';
import { decodePicture, encodePicture } from './png.js';
import { Progress } from './progress.js';
import { formatTable, tableRow } from './table.js';

const HELP = `Runs four convolutions on a PNG picture and compares them with a plain JavaScript loop.

  npm start -- [options]

  --in FILE   the picture (default: the landscape that comes with the example)
  --out DIR   where the results go (default: out)
  --help      this text

Results: blur.png, edges.png, bank.png (contact sheet of 32 filters), half.png.`;

/** Half a grey level of eight bits: a larger difference from the plain loop could be seen. */
const VISIBLE = 0.5 / 255;

/** @param {string[]} args */
function main(args) {
  const options = readOptions(args);
  if (options.help) return console.log(HELP);
  const progress = new Progress();
  try {
    progress.stage(`reading ${basename(options.in)}`);
    const picture = attempt(`cannot read ${options.in}`, () => decodePicture(readFileSync(options.in)));
    const layers = layersFor(picture);
    const targets = layers.map(({ file }) => join(options.out, file));
    if (targets.some((target) => resolve(target) === resolve(options.in))) {
      throw new UsageError(`${options.in} would be overwritten: choose another --out`);
    }
    attempt(`cannot write to ${options.out}`, () => mkdirSync(options.out, { recursive: true }));
    const results = runAll(layers, targets, progress);
    progress.end();
    const [, , height, width] = picture.shape;
    console.log(
      `${basename(options.in)}, ${width}×${height} pixels; ${features().build} build, Node ${process.versions.node}\n`,
    );
    console.log(formatTable(layers.map((layer, i) => tableRow(layer, results[i]))));
    for (const { name, x } of layers) {
      if (x !== picture) console.log(`\n${name}: on the picture reduced to ${x.shape[3]}×${x.shape[2]}`);
    }
    console.log(`\nwrote ${targets.join(', ')}`);
    const wrong = layers.filter((_, i) => !(results[i].difference < VISIBLE)).map(({ name }) => name);
    if (wrong.length > 0) throw new UsageError(`visibly different from the plain loop: ${wrong.join(', ')}`);
  } finally {
    progress.end();
  }
}

/** @param {string[]} args */
function readOptions(args) {
  return optionsOf(
    'npm start',
    () =>
      parseArgs({
        args,
        options: {
          in: { type: 'string', default: fileURLToPath(new URL('landscape.png', import.meta.url)) },
          out: { type: 'string', default: 'out' },
          help: { type: 'boolean', default: false },
        },
      }).values,
  );
}

/**
 * @param {import('./layers.js').Layer[]} layers @param {string[]} targets @param {Progress} progress
 */
function runAll(layers, targets, progress) {
  const work = layers.map(operations);
  progress.expect(work.reduce((a, b) => a + b));
  let done = 0;
  return layers.map((layer, i) => {
    progress.stage(layer.name);
    const { y, ...result } = compare(layer, (share) => progress.at(done + share * work[i]));
    done += work[i];
    progress.stage(`writing ${layer.file}`);
    const file = encodePicture(layer.toPicture(y));
    attempt(`cannot write ${targets[i]}`, () => writeFileSync(targets[i], file));
    return result;
  });
}

await start(main);
