// Tells a waiting person on stderr how far the job is: a bar on a terminal (gone at the end), one plain line elsewhere.

import { SingleBar } from 'cli-progress';

/** What the plain loop does in about a second; shorter jobs say nothing elsewhere than on a terminal. */
const LONG = 1e9;

export class Progress {
  #total = 1;
  #done = 0;
  // Line wrapping stays on: switched off, an interrupted run would leave the terminal so.
  #bar = new SingleBar({
    format: '{stage} {bar} {percentage}%',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    clearOnComplete: true,
    linewrap: true,
    fps: 20,
  });

  /** @param {number} total operations of the whole job */
  expect(total) {
    this.#total = total;
    if (process.stderr.isTTY || total < LONG) return;
    console.error(`comparing with the plain JavaScript loop: ${(total / 1e9).toFixed(1)} GFLOP, about as many seconds`);
  }

  /** Names what runs from now on. @param {string} stage */
  stage(stage) {
    this.#bar.stop();
    this.#bar.start(this.#total, this.#done, { stage });
  }

  /** @param {number} done operations behind us; a repeated run, behind the furthest, changes nothing */
  at(done) {
    if (done <= this.#done) return;
    this.#done = done;
    this.#bar.update(done);
  }

  end() {
    this.#bar.stop();
  }
}
