import { h } from '../dom.js';
import { checkField, type Field, labelled, numberField, selectField } from '../fields.js';
import {
  applies,
  type Config,
  type CountKey,
  fills,
  type Letter,
  letters,
  limits,
  operators,
  type PairKey,
  paddingModes,
  paddingRules,
} from './config.js';

type Change = (part: Partial<Config>) => void;

/** One row of the form: a field that shows a part of the configuration, where the operator has it. */
interface Row {
  readonly element: HTMLElement;
  show(config: Config): void;
}

/** The letter of a setting in the size formula. */
const letterOf: Partial<Record<PairKey, Letter>> = {
  input: 'i',
  kernel: 'k',
  stride: 's',
  padding: 'p₀',
  dilation: 'd',
  outputPadding: 'a',
};

/** A name and its letter, which says what it stands for. */
function named(key: PairKey, label: string): HTMLElement {
  const letter = letterOf[key];
  return h('span', {}, label, letter && ' ', letter && h('var', { class: 'math', title: letters[letter] }, letter));
}

const axisNames = ['height', 'width'] as const;

/** Two numbers for height and width, or one for both. */
function pairRow(key: PairKey, label: string, current: () => Config, change: Change): Row {
  const fields = axisNames.map((axis, a) =>
    numberField(`${key}-${a}`, `${label}, ${axis}`, limits[key], (value) => {
      const old = current();
      const pair = old.square
        ? ([value, value] as const)
        : a === 0
          ? ([value, old[key][1]] as const)
          : ([old[key][0], value] as const);
      change({ [key]: pair });
    }),
  );
  const pair = h('span', { class: 'pair' }, ...fields.map(({ element }) => element));
  const element = h('div', { class: 'field', role: 'group', 'aria-label': label }, named(key, label), pair);
  return {
    element,
    show(config) {
      fields.forEach((field, a) => {
        field.show(config[key][a]);
      });
      element.hidden = !applies(key, config);
      fields[1].element.hidden = config.square;
    },
  };
}

function countRow(key: CountKey, label: string, change: Change): Row {
  const field = numberField(key, label, limits[key], (value) => change({ [key]: value }));
  const element = h('div', { class: 'field' }, h('span', {}, label), field.element);
  return {
    element,
    show(config) {
      field.show(config[key]);
      element.hidden = !applies(key, config);
    },
  };
}

function choiceRow<K extends 'operator' | 'rule' | 'mode' | 'fill'>(
  key: K,
  label: string,
  choices: Readonly<Record<Config[K], string>>,
  change: Change,
): Row {
  const field: Field<Config[K]> = selectField<Config[K]>(key, choices, (value) => change({ [key]: value }));
  const element = labelled(key, label, field);
  return {
    element,
    show(config) {
      field.show(config[key]);
      element.hidden = (key === 'mode' || key === 'rule') && !applies(key, config);
    },
  };
}

function squareRow(current: () => Config, change: Change): Row {
  const field = checkField('square', 'height and width alike', (square) => {
    const { input, kernel, stride, padding, dilation, outputPadding } = current();
    const both = ([a]: readonly [number, number]) => [a, a] as const;
    const same = { input: both(input), kernel: both(kernel), stride: both(stride), padding: both(padding) };
    change(square ? { square, ...same, dilation: both(dilation), outputPadding: both(outputPadding) } : { square });
  });
  return { element: field.element, show: (config) => field.show(config.square) };
}

/** The form of all settings. */
export function controls(current: () => Config, change: Change) {
  const rows: Row[] = [
    choiceRow('operator', 'Operator', operators, change),
    pairRow('input', 'Input', current, change),
    pairRow('kernel', 'Kernel', current, change),
    pairRow('stride', 'Stride', current, change),
    choiceRow('rule', 'Padding', paddingRules, change),
    pairRow('padding', 'Padding cells', current, change),
    choiceRow('mode', 'Padding holds', paddingModes, change),
    pairRow('dilation', 'Dilation', current, change),
    pairRow('outputPadding', 'Output padding', current, change),
    squareRow(current, change),
    countRow('ic', 'Input channels', change),
    countRow('oc', 'Output channels', change),
    countRow('groups', 'Groups', change),
    choiceRow('fill', 'Numbers', fills, change),
    countRow('seed', 'Seed', change),
  ];
  const form = h('form', { class: 'fields', autocomplete: 'off' }, ...rows.map(({ element }) => element));
  form.addEventListener('submit', (event) => event.preventDefault());
  return {
    element: form,
    /** @param faulty ids of the fields that do not fit */
    show(config: Config, faulty: readonly string[]) {
      for (const row of rows) row.show(config);
      for (const input of form.querySelectorAll('input[type=number]')) {
        if (faulty.includes(input.id)) input.setAttribute('aria-invalid', 'true');
        else input.removeAttribute('aria-invalid');
      }
    },
  };
}
