import { h } from '../dom.js';
import { selectField } from '../fields.js';
import { MILLISECONDS, type Playing, paces, ways } from './playing.js';

/** Play, pause, step, and how. */
export class Player {
  readonly element: HTMLElement;
  readonly #play = h('button', { type: 'button', id: 'play' });
  readonly #step: (by: number) => void;
  readonly #report: (part: Partial<Playing>) => void;
  readonly #pace = selectField('pace', paces, (pace) => this.#report({ pace }));
  readonly #way = selectField('way', ways, (way) => this.#report({ way }));
  readonly #wayRow = h('label', { class: 'inline' }, 'Play: ', this.#way.element);
  #timer: ReturnType<typeof setInterval> | undefined;
  #interval = 0;

  /** @param report is told when somebody plays, pauses or chooses */
  constructor(step: (by: number) => void, report: (part: Partial<Playing>) => void) {
    this.#step = step;
    this.#report = report;
    const button = (id: string, by: number, label: string, sign: string) => {
      const element = h('button', { type: 'button', id, 'aria-label': label }, sign);
      element.addEventListener('click', () => {
        this.#report({ playing: false });
        this.#step(by);
      });
      return element;
    };
    this.#play.addEventListener('click', () => this.#report({ playing: this.#timer === undefined }));
    this.element = h(
      'div',
      { class: 'player', role: 'group', 'aria-label': 'Move the window' },
      button('back', -1, 'One step back', '‹'),
      this.#play,
      button('forward', 1, 'One step forward', '›'),
      h('label', { class: 'inline' }, 'Speed: ', this.#pace.element),
      this.#wayRow,
    );
    this.show({ playing: false, pace: 'normal', way: 'gather' }, false);
  }

  /** @param hasWays the operator can be played in several ways */
  show({ playing, pace, way }: Playing, hasWays: boolean): void {
    this.#play.textContent = playing ? 'Pause' : 'Play';
    this.#pace.show(pace);
    this.#way.show(way);
    this.#wayRow.hidden = !hasWays;
    const interval = playing ? MILLISECONDS[pace] : 0;
    if (interval === this.#interval) return;
    this.#interval = interval;
    clearInterval(this.#timer);
    this.#timer = playing ? setInterval(() => this.#step(1), interval) : undefined;
  }
}
