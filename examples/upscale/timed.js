/**
 * What `work` gives, and its milliseconds on one thread: those of the clock, or of the processor where other programs
 * take their share of it.
 * @template T
 * @param {() => T} work
 * @returns {[T, number]}
 */
export function timed(work) {
  const begin = performance.now();
  const before = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  return [result, Math.min(performance.now() - begin, (user + system) / 1000)];
}
