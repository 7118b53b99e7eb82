const STEP = 2 ** -17;

/** The gradient of a scalar function by central differences, in f64. */
export function centralDifferences(loss: (at: Float64Array) => number, at: ArrayLike<number>): Float64Array {
  const point = Float64Array.from(at);
  return point.map((value, index) => {
    const moved = (to: number): number => loss(point.map((other, i) => (i === index ? to : other)));
    return (moved(value + STEP) - moved(value - STEP)) / (2 * STEP);
  });
}
