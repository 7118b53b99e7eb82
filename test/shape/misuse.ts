import { expect, test } from 'vitest';
import { StridewiseError } from '../../src/errors.js';

/** Operator, call, class of the error, and its message with the numbers. */
export type Misuse = readonly [
  operator: string,
  call: () => unknown,
  error: new (message: string) => StridewiseError,
  message: RegExp,
];

/** Exactly that class of error (a TypeError would be a defect), with that message. */
export function expectRefusal(call: () => unknown, error: new (...parts: never[]) => Error, message: RegExp): void {
  let thrown: unknown;
  try {
    call();
  } catch (caught) {
    thrown = caught;
  }
  expect(thrown).toBeInstanceOf(StridewiseError);
  expect(thrown).toBeInstanceOf(error);
  expect((thrown as Error).message).toMatch(message);
}

/** One test per row. */
export function refuses(rows: readonly Misuse[]): void {
  test.each(rows.map((row) => ({ operator: row[0], message: row[3].source, row })))(
    '$operator: $message',
    ({ row: [, call, error, message] }) => expectRefusal(call, error, message),
  );
}

/** For arguments that the types forbid. */
export function wrong(value: unknown): never {
  return value as never;
}
