// The gradient of a clamp, elementwise.

/**
 * to = gradient where lo < y < hi, else 0, for `count` floats. An infinite bound holds nothing back, a NaN in y does.
 * Stores whole vectors: `to` is scratch rounded up to 16 bytes.
 */
export function maskGradient(to: usize, gradient: usize, y: usize, count: i32, lo: f32, hi: f32): void {
  const low = f32x4.splat(lo), high = f32x4.splat(hi);
  const all = i32x4.splat(-1), none = i32x4.splat(0);
  const open = hi == Infinity ? all : none, below = lo == -Infinity ? all : none;
  for (let i: usize = 0, end = <usize>count * 4; i < end; i += 16) {
    const v = v128.load(y + i);
    const passes = v128.and(v128.or(f32x4.gt(v, low), below), v128.or(f32x4.lt(v, high), open));
    v128.store(to + i, v128.and(v128.load(gradient + i), passes));
  }
}
