import { h } from '../dom.js';
import { checkField, labelled, numberField, selectField } from '../fields.js';
import { builds, layouts, lists, memories, repetitionLimits, type State, threadChoices, tunes } from './url.js';

/** Numbers of threads, where the page may share memory. */
function threadSet(current: () => State, change: (part: Partial<State>) => void) {
  const choices = crossOriginIsolated ? threadChoices(navigator.hardwareConcurrency) : [1];
  const fields = choices.map((n) =>
    checkField(`threads-${n}`, String(n), (isOn) =>
      change({ threads: choices.filter((other) => (other === n ? isOn : current().threads.includes(other))) }),
    ),
  );
  const note =
    choices.length === 1 && (crossOriginIsolated ? 'This machine has one core.' : 'This host serves one thread only.');
  return {
    element: h(
      'fieldset',
      {},
      h('legend', {}, 'Threads'),
      ...fields.map(({ element }) => element),
      note && h('span', { class: 'note' }, note),
    ),
    show() {
      fields.forEach((field, i) => {
        field.show(current().threads.includes(choices[i]));
      });
    },
  };
}

/** What is to be run, and how. */
export function formOf(current: () => State, change: (part: Partial<State>) => void) {
  /** A set of checkboxes. */
  function several<K extends 'builds' | 'tunes' | 'lists'>(
    key: K,
    legend: string,
    words: Readonly<Record<State[K][number], string>>,
  ) {
    const names = Object.keys(words) as State[K][number][];
    const fields = names.map((name) =>
      checkField(`${key}-${name}`, words[name], (isOn) => {
        const rest = names.filter((other) =>
          other === name ? isOn : (current()[key] as readonly string[]).includes(other),
        );
        change({ [key]: rest });
      }),
    );
    return {
      element: h('fieldset', {}, h('legend', {}, legend), ...fields.map(({ element }) => element)),
      show: () => {
        fields.forEach((field, i) => {
          field.show((current()[key] as readonly string[]).includes(names[i]));
        });
      },
    };
  }

  const sets = [
    several('builds', 'Builds', builds),
    several('tunes', 'Hot loops for', tunes),
    several('lists', 'Problems', lists),
    threadSet(current, change),
  ];
  const layout = selectField('layout', layouts, (value) => change({ layout: value }));
  const memory = selectField('memory', memories, (value) => change({ memory: value }));
  const repetitions = numberField('repetitions', 'Repetitions', repetitionLimits, (value) => {
    const [least, most] = repetitionLimits;
    if (Number.isInteger(value) && value >= least && value <= most) change({ repetitions: value });
  });
  const filter = h('input', { id: 'filter', type: 'search', placeholder: 'all', autocomplete: 'off' });
  filter.addEventListener('input', () => change({ filter: filter.value }));
  return {
    element: h(
      'div',
      { class: 'choices' },
      ...sets.map((set) => set.element),
      labelled('layout', 'Layout', layout),
      labelled('memory', 'Operands', memory),
      h('div', { class: 'field' }, h('span', {}, 'Repetitions'), repetitions.element),
      h('div', { class: 'field' }, h('label', { for: 'filter' }, 'Only with'), filter),
    ),
    show() {
      const state = current();
      for (const set of sets) set.show();
      layout.show(state.layout);
      memory.show(state.memory);
      repetitions.show(state.repetitions);
      if (filter.value !== state.filter) filter.value = state.filter;
    },
  };
}
