// Tells a waiting person how learning goes: a bar on a terminal's stderr (gone at the end), nothing elsewhere.

import { SingleBar } from 'cli-progress';

export class Progress {
  #total = 0;
  #step = 0;
  /** @type {Record<string, string | number>} */
  #words = {};
  // Line wrapping stays on: switched off, an interrupted run would leave the terminal so.
  #bar = new SingleBar({
    format: '{what} {bar} {percentage}%{figures}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 10,
    clearOnComplete: true,
    linewrap: true,
    fps: 10,
  });

  /** @param {string} what goes on from now on @param {number} [total] steps of it */
  stage(what, total = 1) {
    this.#total = total;
    this.#step = 0;
    this.#words = { what, figures: '' };
    this.#start();
  }

  /** @param {number} step @param {string} figures */
  at(step, figures) {
    this.#step = step;
    this.#words.figures = `  ${figures}`;
    this.#bar.update(step, this.#words);
  }

  /** Prints a line to stdout, above the bar. @param {string} line */
  print(line) {
    this.end();
    console.log(line);
    if (this.#step < this.#total) this.#start();
  }

  end() {
    this.#bar.stop();
  }

  #start() {
    this.#bar.stop();
    this.#bar.start(this.#total, this.#step, this.#words);
  }
}
