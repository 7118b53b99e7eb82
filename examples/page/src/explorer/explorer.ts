import { h } from '../dom.js';
import type { Remember, Tab } from '../tab.js';
import { type Config, operators } from './config.js';
import { controls } from './controls.js';
import { type Evaluation, evaluate } from './evaluate.js';
import { examples } from './examples.js';
import { equivalentPanel } from './panels/equivalent.js';
import { formulaPanel } from './panels/formula.js';
import { gradientPanel } from './panels/gradients.js';
import { matrixPanel } from './panels/matrix.js';
import { overlapPanel } from './panels/overlap.js';
import { type Extents, inside, step } from './place.js';
import { Player } from './player.js';
import { Stage } from './stage.js';
import { sentence } from './terms.js';
import { Trouble } from './trouble.js';
import { readState, type State, writeState } from './url.js';

/** Wide enough for the settings to stand beside the grids. */
const WIDE = '(min-width: 62rem)';

export function explorer(remember: Remember): Tab {
  let state: State = readState(new URLSearchParams());
  let evaluation: Evaluation | undefined;

  const form = controls(
    () => state.config,
    (part) => update({ config: { ...state.config, ...part } }),
  );
  const stage = new Stage((side, picked) => update({ at: { side, ...picked }, playing: false }));
  const player = new Player(
    (by) => update({ at: step(state.at, extents(), by) }),
    (playing) => update({ playing }),
  );
  const formula = formulaPanel();
  const panels = [equivalentPanel(), matrixPanel(), gradientPanel(), overlapPanel()];
  const spoken = h('p', { id: 'sentence', class: 'sentence', role: 'status' });
  const alert = h('p', { id: 'trouble', class: 'trouble', role: 'alert', hidden: true });
  const summary = h('span', { class: 'summary' });
  const settings = h(
    'details',
    { class: 'settings', open: matchMedia(WIDE).matches },
    h('summary', {}, h('h2', {}, 'Settings'), summary),
    form.element,
  );
  const shown = h('div', { class: 'shown' }, h('div', { class: 'moves' }, player.element, spoken), stage.element);
  const cards = h('div', { class: 'cards' }, formula.element, ...panels.map(({ element }) => element));
  const links = h(
    'nav',
    { class: 'examples', 'aria-label': 'Examples' },
    ...examples.map(([name, href]) => h('a', { href }, name)),
  );

  const extents = (): Extents => {
    const [, channels, rows, columns] = (state.at.side === 'output' ? evaluation!.y : evaluation!.x).shape;
    return { channels, rows, columns };
  };

  function update(part: Partial<State>): void {
    const isNew = part.config !== undefined;
    state = { ...state, ...part };
    if (isNew) draw();
    if (evaluation) {
      state = { ...state, at: inside(state.at, extents()) };
      stage.light(state.at);
      for (const panel of panels) panel.light(state.at);
      spoken.textContent = sentence(evaluation, state.at);
    }
    spoken.setAttribute('aria-live', state.playing ? 'off' : 'polite');
    player.show(state.playing && evaluation !== undefined);
    remember(writeState(state));
  }

  /** Everything that depends on the configuration alone. */
  function draw(): void {
    const { config } = state;
    evaluation = undefined;
    let trouble: Trouble | undefined;
    try {
      evaluation = evaluate(config);
      stage.draw(evaluation);
      for (const panel of panels) panel.draw(evaluation);
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      trouble = error;
    }
    alert.textContent = trouble?.message ?? '';
    alert.hidden = !trouble;
    shown.hidden = trouble !== undefined;
    for (const { element } of panels) element.classList.toggle('absent', trouble !== undefined);
    form.show(config, trouble?.fields ?? []);
    formula.draw(config, trouble?.hasNumbers ?? true);
    summary.textContent = summaryOf(config);
  }

  return {
    element: h('div', { class: 'explorer' }, links, settings, h('div', { class: 'main' }, alert, shown, cards)),
    show: (query) => update(readState(query)),
    leave: () => player.show(false),
  };
}

const pair = ([a, b]: readonly number[]) => (a === b ? `${a} × ${a}` : `${a} × ${b}`);

const summaryOf = ({ operator, input, kernel }: Config) => `${operators[operator]}, ${pair(input)} by ${pair(kernel)}`;
