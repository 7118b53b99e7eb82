// Two networks learn from digits that this example draws: one reads them, one finds their pixels in noise. All their
// arithmetic is done by functions that anybody can import from stridewise.
//   npm run train -- [--seed N] [--simd BUILD] [--epochs N] [--images N] [--out DIR]
// tasks.js has the networks, network.js their layers, train.js the loop.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { features, init } from 'stridewise';
import { attempt, start, UsageError } from '../common/command.js';
import { Progress } from '../common/progress.js';
import { encodePicture } from '../picture/png.js';
import { HELP, readOptions } from './options.js';
import { filterTiles, foundTiles, sheet } from './pictures.js';
import { bestThreshold, confusion, confusionTable, percent, tableRow } from './report.js';
import { finding, reading } from './tasks.js';
import { prepare, train } from './train.js';

/** @param {string[]} args */
async function main(args) {
  const options = readOptions(args);
  if (!options) return console.log(HELP);
  await init({ simd: options.simd });
  attempt(`cannot write to ${options.out}`, () => mkdirSync(options.out, { recursive: true }));
  console.log(`${features().build} build, Node ${process.versions.node}, seed ${options.seed}`);
  const read = run(reading, options, ({ learner, test }) => {
    console.log(`\n${confusionTable(confusion(learner, test))}\n`);
    writeSheet(join(options.out, 'filters.png'), filterTiles(learner.network.parameters[0].value), 4, 24);
  });
  const found = run(finding, options, ({ learner, test }) => {
    console.log(`for comparison, the best single threshold of brightness: ${percent(bestThreshold(test))}\n`);
    const tiles = foundTiles(learner, test);
    writeSheet(join(options.out, 'segments.png'), tiles, tiles.length / 3, 2);
  });
  // A shorter run promises nothing.
  const missed = [...read, ...found];
  if (options.isWhole && missed.length > 0) throw new UsageError(missed.join('\n'));
}

/**
 * Learns a task and says how it goes.
 * @param {import('./tasks.js').Task} task @param {import('./options.js').Options} options
 * @param {(material: ReturnType<typeof prepare>) => void} report
 * @returns {string[]} the goal, if it was missed
 */
function run(task, { images, epochs, seed }, report) {
  const progress = new Progress();
  progress.stage(`${task.title}: drawing`);
  const material = prepare(task, images, seed);
  const { digits, test, learner } = material;
  try {
    const pictures = `${digits.count} pictures of ${digits.extent}×${digits.extent} to learn from, ${test.count} others to be tested on`;
    progress.print(`\n${task.title}: ${pictures}`);
    const { score, steps, milliseconds } = train(task, material, epochs, {
      begin(steps) {
        progress.stage(task.title, steps);
        progress.print(tableRow('epoch', 'loss', task.score, 'in the test'));
      },
      step(step, epoch, loss, score) {
        progress.at(step, `epoch ${epoch}  loss ${loss.toFixed(4)}  ${task.score} ${percent(score)}`);
      },
      epoch({ number, loss, score, testScore }) {
        progress.print(tableRow(number, loss.toFixed(6), percent(score), percent(testScore)));
      },
    });
    progress.end();
    const pace = `${(milliseconds / 1000).toFixed(1)} s, ${steps} steps of ${(milliseconds / steps).toFixed(2)} ms`;
    console.log(`${task.score} in the test ${percent(score)}, learnt in ${pace}`);
    report(material);
    if (score >= task.goal) return [];
    return [`${task.title}: ${task.score} in the test is ${percent(score)}, expected at least ${percent(task.goal)}`];
  } finally {
    progress.end();
    learner.network.dispose();
  }
}

/** @param {string} file @param {import('./pictures.js').Tile[]} tiles @param {number} across @param {number} zoom */
function writeSheet(file, tiles, across, zoom) {
  attempt(`cannot write ${file}`, () => writeFileSync(file, encodePicture(sheet(tiles, across, zoom))));
  console.log(`wrote ${file}`);
}

await start(main);
