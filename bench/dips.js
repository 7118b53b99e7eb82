import { parseProblem, product, shapesOf, workOf } from './problem.js';
import { digits, percent } from './table.js';

/**
 * Where the speed falls with size: cases of the list `sizes` below 70 % of the case with the next smaller map or the
 * next fewer channels, each set in relation to the peak of its own minute. What such a case moves for its arithmetic
 * stands beside it: layers of 256 channels and more on small maps read weights that fit no cache once for few products,
 * and wide maps of few channels are written faster than memory takes them.
 *
 * @typedef {{ title: string, problem: string, build: string, layout: string, memory: string, ofPeak?: number }} Row
 */
const dip = 0.7;

/** @param {Row[]} rows @returns {string[]} */
export function dips(rows) {
  const cases = rows.flatMap((row) => {
    const [, kernel, channels, size] = /^(\d+x\d+) (\d+)@(\d+)$/.exec(row.title) ?? [];
    if (size === undefined || row.ofPeak === undefined) return [];
    const way = [kernel, row.build, row.layout, row.memory].join();
    return [{ row, way, channels: Number(channels), size: Number(size), speed: row.ofPeak }];
  });
  return cases.flatMap((own) => {
    const alike = cases.filter(({ way }) => way === own.way);
    const smaller = alike.filter(({ channels, size }) => channels === own.channels && size < own.size).at(-1);
    const narrower = alike.filter(({ channels, size }) => size === own.size && channels < own.channels).at(-1);
    return [smaller, narrower].flatMap((other) =>
      other && own.speed < dip * other.speed ? [line(own.row, other.row, own.speed / other.speed)] : [],
    );
  });
}

/** @param {Row} own @param {Row} other @param {number} ratio */
function line({ title, problem, build, layout, memory }, other, ratio) {
  const parsed = parseProblem(problem);
  const { operands, result } = shapesOf(parsed);
  const megabytes = [...operands, result].reduce((sum, shape) => sum + 4 * product(shape), 0) / 1e6;
  const moved = `${digits(megabytes)} MB for ${digits(workOf(parsed).amount / 1e9)} GFLOP`;
  return `${title}, ${build}, ${layout}, ${memory}: ${percent(ratio)} of ${other.title} (${moved})`;
}
