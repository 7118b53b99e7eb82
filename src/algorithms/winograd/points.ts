/** Number of points of a transform; a line of a tile has points + 1 - taps outputs. */
export type Points = 4 | 6 | 8;

const finite = [0, 1, -1, 2, -2, 1 / 2, -1 / 2];

/**
 * G, row by row: the kernel's value at each point, divided by the product of the point's distances from the others (the denominators of Lagrange
 * interpolation); the last point is infinity. The kernels hold B and A, which belong to the same points in the same order.
 */
export function kernelMatrix(points: number, taps: number): number[] {
  if (points === 1) return [1];
  const used = finite.slice(0, points - 1);
  const powers = Array.from({ length: taps }, (_, k) => k);
  const rows = used.map((p) => {
    const distances = used.reduce((product, q) => (q === p ? product : product * (p - q)), 1);
    return powers.map((k) => p ** k / distances);
  });
  return [...rows, powers.map((k) => (k === taps - 1 ? 1 : 0))].flat();
}
