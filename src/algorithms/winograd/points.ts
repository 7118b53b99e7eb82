/** Number of points of a transform; a line of a tile has points + 1 - taps outputs. */
export type Points = 4 | 6 | 8;

const finite = [0, 1, -1, 2, -2, 1 / 2, -1 / 2];

/**
 * With eight points the kernels spare constants by powers of two: rows of B at 2 and -2 are times 4, at 1/2 and -1/2
 * times 2, and those of A times 64.
 */
const spared = (p: number, points: number) =>
  points < 8 ? 1 : Math.abs(p) === 2 ? 4 : Math.abs(p) === 1 / 2 ? 128 : 1;

/**
 * With six points all rows are divided by the distances of the points 1 and -1, and A has what is left: weights that
 * are transformed in a run are scaled once.
 */
export const SIXTH = -1 / 6;

/**
 * G, row by row: the kernel's value at each point, divided by the product of the point's distances from the others (the
 * denominators of Lagrange interpolation); the last point is infinity. The kernels hold B and A, which belong to the
 * same points in the same order.
 */
export function kernelMatrix(points: number, taps: number): number[] {
  if (points === 1) return [1];
  const used = finite.slice(0, points - 1);
  const powers = Array.from({ length: taps }, (_, k) => k);
  const rows = used.map((p) => {
    const distances = used.reduce((product, q) => (q === p ? product : product * (p - q)), 1);
    return powers.map((k) => (points === 6 ? p ** k * SIXTH : p ** k / (distances * spared(p, points))));
  });
  return [...rows, powers.map((k) => (k < taps - 1 ? 0 : points === 6 ? SIXTH : 1))].flat();
}
