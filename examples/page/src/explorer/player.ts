import { h } from '../dom.js';

/** Milliseconds between two steps. */
const PACE = 700;

/** Play, pause and step. */
export class Player {
  readonly element: HTMLElement;
  readonly #play = h('button', { type: 'button', id: 'play' });
  readonly #step: (by: number) => void;
  readonly #report: (playing: boolean) => void;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** @param report is told when somebody plays or pauses */
  constructor(step: (by: number) => void, report: (playing: boolean) => void) {
    this.#step = step;
    this.#report = report;
    const button = (id: string, by: number, label: string, sign: string) => {
      const element = h('button', { type: 'button', id, 'aria-label': label }, sign);
      element.addEventListener('click', () => {
        this.#report(false);
        this.#step(by);
      });
      return element;
    };
    this.#play.addEventListener('click', () => this.#report(this.#timer === undefined));
    this.element = h(
      'div',
      { class: 'player', role: 'group', 'aria-label': 'Move the window' },
      button('back', -1, 'One step back', '‹'),
      this.#play,
      button('forward', 1, 'One step forward', '›'),
    );
    this.show(false);
  }

  show(playing: boolean): void {
    this.#play.textContent = playing ? 'Pause' : 'Play';
    if (playing === (this.#timer !== undefined)) return;
    clearInterval(this.#timer);
    this.#timer = playing ? setInterval(() => this.#step(1), PACE) : undefined;
  }
}
