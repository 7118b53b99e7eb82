import { count } from '../number.js';

/** Steps after which the pace is known well enough to say when it ends. */
const LEAST = 2;

/** Time left in words, when so many steps took so many milliseconds; empty as long as that says little. */
export function timeLeft(done: number, total: number, milliseconds: number): string {
  if (done < LEAST) return '';
  const seconds = ((milliseconds / done) * (total - done)) / 1000;
  if (seconds < 60) return `about ${count(Math.max(5, Math.ceil(seconds / 5) * 5), 'second')} left`;
  return `about ${count(Math.round(seconds / 60), 'minute')} left`;
}
