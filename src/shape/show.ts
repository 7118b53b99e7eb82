/**
 * Names any value for an error message, short, and without ever throwing (symbols, null prototypes and revoked proxies
 * included).
 */
export function show(value: unknown): string {
  try {
    return describe(value);
  } catch {
    return 'an object that cannot be read';
  }
}

function describe(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value.length > 40 ? `${JSON.stringify(value.slice(0, 40))}...` : JSON.stringify(value);
    case 'bigint':
      return `${value}n`;
    case 'function':
      return 'a function';
    case 'object':
      return describeObject(value);
    default:
      return String(value);
  }
}

function describeObject(value: object | null): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) {
    const entries = value.slice(0, 8).map((entry) => (Array.isArray(entry) ? showFlat(entry) : show(entry)));
    return `[${entries.join(', ')}${value.length > 8 ? ', ...' : ''}]`;
  }
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  if (ArrayBuffer.isView(value) && 'length' in value) return `${withArticle(tag)} of ${value.length}`;
  return tag === 'Object' ? 'an object' : `a value of type ${tag}`;
}

function showFlat(entries: readonly unknown[]): string {
  const shown = entries.slice(0, 8).map((entry) => (Array.isArray(entry) ? '[...]' : show(entry)));
  return `[${shown.join(', ')}${entries.length > 8 ? ', ...' : ''}]`;
}

/** `a Float32Array`, `an Int32Array`. */
export function withArticle(name: string): string {
  return `${/^[AEIO]/.test(name) ? 'an' : 'a'} ${name}`;
}

/** `3 channels`, `1 channel`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
