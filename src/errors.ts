/**
 * Base class of every error this package throws on purpose. `code` is stable across versions; the message is for
 * people.
 */
export class StridewiseError extends Error {
  // written out, because minifiers rename classes
  override name = 'StridewiseError';
  /** Stable machine-readable name of the kind of error. */
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * An operand has a shape, rank, length or element type that does not fit. The message names operand, axis, found and
 * expected.
 */
export class ShapeError extends StridewiseError {
  override name = 'ShapeError';
  constructor(message: string) {
    super('SHAPE', message);
  }
}

/** An option is unknown, of the wrong type, or out of range. */
export class OptionError extends StridewiseError {
  override name = 'OptionError';
  constructor(message: string) {
    super('OPTION', message);
  }
}

/**
 * The host refused memory, a cap set by `init` was reached, or a handle was used after `dispose()`. Everything else
 * still works.
 */
export class MemoryError extends StridewiseError {
  override name = 'MemoryError';
  constructor(message: string) {
    super('MEMORY', message);
  }
}

/**
 * The host cannot do what was asked (no WebAssembly SIMD, compiling forbidden), or a forced algorithm refuses the
 * problem.
 */
export class UnsupportedError extends StridewiseError {
  override name = 'UnsupportedError';
  constructor(message: string) {
    super('UNSUPPORTED', message);
  }
}
