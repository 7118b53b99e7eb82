import { StridewiseError } from '../errors.js';

/** A file is not what its format says: cut short, of other lengths than its header names, or with a broken header. */
export class FormatError extends StridewiseError {
  override name = 'FormatError';
  constructor(message: string) {
    super('FORMAT', message);
  }
}
