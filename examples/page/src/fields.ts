import { h } from './dom.js';

/** A control that shows a value and reports what people make of it. */
export interface Field<T> {
  readonly element: HTMLElement;
  show(value: T): void;
}

/** A number with buttons to step it; what is no number is reported as NaN. */
export function numberField(
  id: string,
  label: string,
  [least, most]: readonly [number, number],
  report: (value: number) => void,
): Field<number> {
  const input = h('input', {
    id,
    type: 'number',
    inputmode: 'numeric',
    min: least,
    max: most,
    step: 1,
    'aria-label': label,
  });
  const stepper = (by: number, sign: string, word: string) => {
    const button = h('button', { type: 'button', class: 'step', tabindex: -1, 'aria-label': `${word} ${label}` }, sign);
    button.addEventListener('click', () => {
      const value = Number.isInteger(input.valueAsNumber) ? input.valueAsNumber + by : least;
      report(Math.min(most, Math.max(least, value)));
    });
    return button;
  };
  input.addEventListener('input', () => report(input.valueAsNumber));
  const element = h('span', { class: 'number' }, stepper(-1, '−', 'less'), input, stepper(1, '+', 'more'));
  return {
    element,
    show(value) {
      // what somebody is typing stays as it is
      if (!Object.is(input.valueAsNumber, value)) input.value = Number.isNaN(value) ? '' : String(value);
    },
  };
}

export function selectField<T extends string>(
  id: string,
  choices: Readonly<Record<T, string>>,
  report: (value: T) => void,
): Field<T> {
  const options = (Object.entries(choices) as [T, string][]).map(([value, text]) => h('option', { value }, text));
  const select = h('select', { id }, ...options);
  select.addEventListener('change', () => report(select.value as T));
  return {
    element: select,
    show(value) {
      select.value = value;
    },
  };
}

export function checkField(id: string, label: string, report: (value: boolean) => void): Field<boolean> {
  const input = h('input', { id, type: 'checkbox' });
  input.addEventListener('change', () => report(input.checked));
  return {
    element: h('label', { class: 'check' }, input, ` ${label}`),
    show(value) {
      input.checked = value;
    },
  };
}

/** A label before its control. */
export const labelled = <T>(id: string, label: string, field: Field<T>): HTMLElement =>
  h('div', { class: 'field' }, h('label', { for: id }, label), field.element);
