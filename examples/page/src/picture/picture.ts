import { digits } from '../../../../bench/table.js';
import { h } from '../dom.js';
import { type Field, labelled, selectField } from '../fields.js';
import type { Remember, Tab } from '../tab.js';
import { Assistant } from './assistant.js';
import { Choice } from './choice.js';
import type { Pixels } from './pixels.js';
import { upscaling } from './upscaling.js';
import { builds, defaults, readState, type State, widths, writeState } from './url.js';
import { put, ResultView } from './view.js';
import { filters } from './work.js';

/** Runs of a picture that stands still: by the kernels, and by the loops as long as they take no longer than this. */
const RUNS = 9;
const BUDGET_MS = 1500;

export function picture(remember: Remember): Tab {
  let state: State = defaults;
  /** Counts what was asked for: results of what was asked for earlier are dropped. */
  let turn = 0;
  let isShown = false;

  const kernels = new Assistant();
  const loops = new Assistant();
  const views = {
    kernels: new ResultView('by-kernels', 'Stridewise'),
    loops: new ResultView('by-loops', 'Plain JavaScript'),
  };
  const choice: Choice = new Choice(
    (width, height) => kernels.paint(width, height),
    () => doubling.reset(),
    () => begin(),
    (error) => say(error),
  );
  const current = () => choice.pixels(Number(state.width));
  const doubling = upscaling(current);
  const original = h('canvas', { role: 'img', 'aria-label': 'The picture', width: 320, height: 213 });
  const speedup = h('p', { id: 'speedup', class: 'speedup' }, ' ');
  const problem = h('p', { class: 'trouble', role: 'alert', hidden: true });

  const change = (part: Partial<State>) => {
    state = { ...state, ...part };
    remember(writeState(state));
    begin();
  };
  const fields = {
    filter: selectField('filter', filters, (filter) => change({ filter })),
    build: selectField('build', builds, (build) => change({ build })),
    width: selectField('width', widths, (width) => {
      doubling.reset();
      change({ width: String(width) as State['width'] });
    }),
  };

  const say = (error: unknown) => {
    problem.textContent = error instanceof Error ? error.message : String(error);
    problem.hidden = false;
  };

  /** Shows both times, and how many times faster the kernels are. */
  function compare(): void {
    const [fast, slow] = [views.kernels.milliseconds, views.loops.milliseconds];
    speedup.textContent = fast && slow ? `${digits(slow / fast)} times as fast` : ' ';
  }

  /** Runs one side until enough is measured; with the camera, for as long as it is on. */
  async function run(by: 'kernels' | 'loops', first: Pixels, own: number): Promise<void> {
    const assistant = by === 'kernels' ? kernels : loops;
    const view = views[by];
    let next: Pixels | undefined = first;
    const start = performance.now();
    while (next && own === turn) {
      const filtered = await assistant.filter({ by, build: state.build, filter: state.filter, picture: next });
      if (own !== turn) return;
      view.show(filtered);
      compare();
      const isEnough = view.runs >= RUNS || (by === 'loops' && performance.now() - start > BUDGET_MS);
      if (choice.isLive) {
        next = await current();
        if (by === 'kernels') put(original, next);
      } else next = isEnough ? undefined : first;
    }
  }

  async function begin(): Promise<void> {
    const own = ++turn;
    if (!isShown) return;
    problem.hidden = true;
    views.kernels.begin();
    views.loops.begin();
    compare();
    try {
      const first = await current();
      if (own !== turn) return;
      put(original, first);
      await Promise.all([run('kernels', first, own), run('loops', first, own)]);
    } catch (error) {
      if (own === turn) stop(error);
    }
  }

  function stop(error: unknown): void {
    say(error);
    views.kernels.end();
    views.loops.end();
  }

  const row = (id: keyof State, label: string) => labelled(id, label, fields[id]);
  const element = h(
    'div',
    { class: 'picture' },
    h(
      'section',
      { class: 'card', 'aria-label': 'Picture and filter' },
      choice.element,
      h('div', { class: 'choices' }, row('filter', 'Filter'), row('width', 'Width'), row('build', 'Build')),
      h('p', {}, 'Or drop a picture here. It stays in this browser.'),
    ),
    problem,
    speedup,
    h(
      'div',
      { class: 'results' },
      views.kernels.element,
      views.loops.element,
      h('figure', { class: 'result' }, h('figcaption', {}, h('h2', {}, 'The picture')), original),
    ),
    h(
      'p',
      { class: 'note' },
      'Both sides run the same layers, each in a worker of its own, one thread each; medians of the last runs. Floating-point operations are those of the definition.',
    ),
    doubling.element,
  );
  element.addEventListener('dragover', (event) => {
    event.preventDefault();
    element.classList.add('over');
  });
  element.addEventListener('dragleave', () => element.classList.remove('over'));
  element.addEventListener('drop', (event) => {
    event.preventDefault();
    element.classList.remove('over');
    choice.take(event.dataTransfer?.files[0]);
  });

  return {
    element,
    show(query) {
      isShown = true;
      state = readState(query);
      fields.filter.show(state.filter);
      fields.build.show(state.build);
      (fields.width as unknown as Field<string>).show(state.width);
      begin();
    },
    leave() {
      isShown = false;
      turn++;
      choice.stopCamera();
      doubling.reset();
    },
  };
}
