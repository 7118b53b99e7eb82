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
import { type Extents, firstPlace, inside, step } from './place.js';
import { Player } from './player.js';
import { MILLISECONDS } from './playing.js';
import { share } from './share.js';
import { Stage } from './stage.js';
import { stampedOf } from './stamp.js';
import { Sum } from './sum.js';
import { partsOf } from './terms.js';
import { Trouble } from './trouble.js';
import { readState, type State, writeState } from './url.js';

/** Wide enough for the settings to stand beside the grids. */
const WIDE = '(min-width: 62rem)';

export function explorer(remember: Remember): Tab {
  let state: State = readState(new URLSearchParams());
  let evaluation: Evaluation | undefined;

  const form = controls(
    () => state.config,
    (part) => change(part),
  );
  const change = (part: Partial<Config>) => update({ config: { ...state.config, ...part } });
  const stage = new Stage({
    pick: (side, picked) => update({ at: { side, ...picked }, playing: false }),
    edit(of, { channel, row, column }, value) {
      const key = of === 'x' ? 'xEdits' : 'weightEdits';
      change({ [key]: new Map(state.config[key]).set(`${channel}.${row}.${column}`, value) });
    },
  });
  const player = new Player(
    (by) => update({ at: step(state.at, extents(), by) }),
    // each way begins with its first cell
    (part) => update(part.way ? { ...part, at: { ...firstPlace, side: sideOf[part.way] } } : part),
  );
  const sharing = share({
    address: () => String(new URL(`?${writeState(state)}`, location.href)),
    save,
    reset: () => change({ xEdits: new Map(), weightEdits: new Map() }),
  });
  const formula = formulaPanel();
  const panels = [equivalentPanel(), matrixPanel(), gradientPanel(), overlapPanel()];
  const sum = new Sum();
  const caption = h('p', { id: 'caption', class: 'caption', hidden: true });
  const alert = h('p', { id: 'trouble', class: 'trouble', role: 'alert', hidden: true });
  const summary = h('span', { class: 'summary' });
  const settings = h(
    'details',
    { class: 'settings', open: matchMedia(WIDE).matches },
    h('summary', {}, h('h2', {}, 'Settings'), summary),
    form.element,
  );
  const shown = h(
    'div',
    { class: 'shown' },
    player.element,
    stage.element,
    sum.element,
    stage.legend.element,
    sharing.element,
  );
  const cards = h('div', { class: 'cards' }, formula.element, ...panels.map(({ element }) => element));
  const links = h(
    'nav',
    { class: 'examples', 'aria-label': 'Examples' },
    ...examples.map(({ name, href }) => h('a', { href }, name)),
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
      const stamped = stampedNow();
      stage.light(state.at, stamped);
      for (const panel of panels) panel.light(state.at);
      sum.show(stamped?.parts ?? partsOf(evaluation, state.at), state.playing);
    }
    player.show(
      { ...state, playing: state.playing && evaluation !== undefined },
      state.config.operator === 'transposed',
    );
    remember(writeState(state));
  }

  /** What is stamped until now, where a transposed convolution is played that way. */
  const stampedNow = () =>
    state.way === 'stamp' && state.at.side === 'input' && state.config.operator === 'transposed'
      ? stampedOf(evaluation!, state.at)
      : undefined;

  /** Saves every step from the first, and comes back to where it was. */
  async function save(kind: 'svg' | 'gif'): Promise<string> {
    const { saveAnimation } = await import('./animation/save.js');
    const { at, playing } = state;
    update({ playing: false });
    const { channels, rows, columns } = extents();
    const start = { ...at, row: 0, column: 0, channel: Math.min(at.channel, channels - 1) };
    const places = Array.from({ length: rows * columns }, (_, i) => step(start, extents(), i));
    const report = await saveAnimation(kind, shown, places, MILLISECONDS[state.pace], (place) => update({ at: place }));
    update({ at, playing });
    return report;
  }

  /** Everything that depends on the configuration alone. */
  function draw(): void {
    const { config } = state;
    evaluation = undefined;
    let trouble: Trouble | undefined;
    try {
      evaluation = evaluate(config);
      stage.draw(evaluation);
      sum.draw(evaluation);
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
    sharing.show(config.xEdits.size + config.weightEdits.size > 0);
    const at = exampleOf(config);
    caption.textContent = examples[at]?.caption ?? '';
    caption.hidden = at < 0;
    [...links.children].forEach((link, i) => {
      if (i === at) link.setAttribute('aria-current', 'true');
      else link.removeAttribute('aria-current');
    });
  }

  return {
    element: h(
      'div',
      { class: 'explorer' },
      links,
      settings,
      h('div', { class: 'main' }, caption, alert, shown, cards),
    ),
    show: (query) => update(readState(query)),
    leave: () => player.show({ ...state, playing: false }, false),
  };
}

const sideOf = { gather: 'output', stamp: 'input' } as const;

/** Configurations that are the same have the same address. */
const addressOf = (config: Config) =>
  String(writeState({ config, at: firstPlace, playing: false, pace: 'normal', way: 'gather' }));

const exampleAddresses = examples.map(({ href }) => addressOf(readState(new URLSearchParams(href)).config));

/** Which example has this configuration, −1 if none. */
const exampleOf = (config: Config) => exampleAddresses.indexOf(addressOf(config));

const pair = ([a, b]: readonly number[]) => (a === b ? `${a} × ${a}` : `${a} × ${b}`);

const summaryOf = ({ operator, input, kernel }: Config) => `${operators[operator]}, ${pair(input)} by ${pair(kernel)}`;
