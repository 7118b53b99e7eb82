import { expect } from 'vitest';

/**
 * Numbers differ by at most `most` parts of the root mean square of those wanted; what is not finite is the same in
 * both.
 */
export function expectClose(found, wanted, most) {
  expect(found.length).toBe(wanted.length);
  const finite = [...wanted].filter(Number.isFinite);
  const rms = Math.sqrt(finite.reduce((sum, value) => sum + value * value, 0) / Math.max(1, finite.length));
  const worst = found.reduce((most, value, i) => {
    if (Object.is(value, wanted[i]) || value === wanted[i]) return most;
    return Math.max(most, Number.isNaN(value - wanted[i]) ? Number.POSITIVE_INFINITY : Math.abs(value - wanted[i]));
  }, 0);
  expect(worst).toBeLessThanOrEqual(most * rms);
}
