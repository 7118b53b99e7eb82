/**
 * Makes something from numbers that may stand in linear memory. Memory that grows on the way detaches the view, and what was made from it is
 * worthless: it is given back and made once more, now that the memory is there.
 * @param view takes a fresh view
 */
export function fromView<T extends { dispose(): void }>(view: () => Float32Array, make: (values: Float32Array) => T): T {
  const values = view();
  let made: T;
  try {
    made = make(values);
  } catch (error) {
    if (values.length > 0) throw error;
    return make(view());
  }
  if (values.length > 0) return made;
  made.dispose();
  return make(view());
}
