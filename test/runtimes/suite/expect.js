export function equal(found, expected, what = 'value') {
  const [a, b] = [JSON.stringify(found), JSON.stringify(expected)];
  if (a !== b) throw new Error(`${what} is ${a}, expected ${b}`);
}

export function truthy(value, what) {
  if (!value) throw new Error(`${what} does not hold`);
}

function matches(error, kind, text) {
  if (!(error instanceof kind) || !text.test(error.message))
    throw new Error(`${error.name} (${error.message}), expected ${kind.name} with ${text}`, { cause: error });
  truthy(typeof error.code === 'string' && error.code !== '', 'the error has a code');
}

/** `kind` is a class of the package; the message must match. */
export function throws(work, kind, text) {
  let result;
  try {
    result = work();
  } catch (error) {
    matches(error, kind, text);
    return;
  }
  throw new Error(`no error but ${result}, expected ${kind.name}`);
}

/** As `throws`, of a promise. */
export async function rejects(promise, kind, text) {
  let result;
  try {
    result = await promise;
  } catch (error) {
    matches(error, kind, text);
    return;
  }
  throw new Error(`no error but ${result}, expected ${kind.name}`);
}
