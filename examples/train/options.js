// The command line.

import { parseArgs } from 'node:util';
import { integer, optionsOf, simdOf } from '../common/command.js';
import { percent } from './report.js';
import { finding, reading } from './tasks.js';

/** A whole run, which must reach the goals. */
const EPOCHS = 5;
const IMAGES = 10_000;

export const HELP = `Trains two small networks on digits that it draws itself: one reads them, one finds their pixels in noise.

  npm run train -- [options]

  --seed N       of everything that is random (default: 1)
  --simd BUILD   strict (the same numbers in every run), relaxed, or auto: relaxed where the host runs it (default: auto)
  --epochs N     times that every picture is learnt from (default: ${EPOCHS})
  --images N     pictures to learn reading from; finding takes a tenth as many, each test too (default: ${IMAGES})
  --out DIR      where the results go (default: out)
  --help         this text

Results: filters.png (what the first layer looks for), segments.png (noisy digits, the pixels found, the true ones).
A run of at least ${EPOCHS} epochs and ${IMAGES} pictures must read ${percent(reading.goal)} of the test digits and find their pixels with a mean
intersection over union of ${percent(finding.goal)}; otherwise the exit code is 1.`;

/**
 * @typedef {object} Options
 * @property {number} seed
 * @property {'auto' | 'strict' | 'relaxed'} simd
 * @property {number} epochs
 * @property {number} images
 * @property {string} out
 * @property {boolean} isWhole whether the goals must be reached
 */

/**
 * @param {string[]} args
 * @returns {Options | undefined} undefined when help is wanted
 * @throws {UsageError}
 */
export function readOptions(args) {
  return optionsOf('npm run train', () => {
    const { values } = parseArgs({
      args,
      options: {
        seed: { type: 'string', default: '1' },
        simd: { type: 'string', default: 'auto' },
        epochs: { type: 'string', default: String(EPOCHS) },
        images: { type: 'string', default: String(IMAGES) },
        out: { type: 'string', default: 'out' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return undefined;
    const { out } = values;
    const simd = simdOf(values.simd);
    const epochs = integer('epochs', values.epochs, 1, 1000);
    const images = integer('images', values.images, 10, 100_000);
    const seed = integer('seed', values.seed, 0, 2 ** 32 - 1);
    return { seed, simd, epochs, images, out, isWhole: epochs >= EPOCHS && images >= IMAGES };
  });
}
