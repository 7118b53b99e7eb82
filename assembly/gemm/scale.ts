// Multiples, elementwise.

/** to = factor * from for `count` floats; `to` may be `from`. */
export function scale(to: usize, from: usize, count: i32, factor: f32): void {
  const f = f32x4.splat(factor), end = from + <usize>count * 4;
  for (; from + 16 <= end; from += 16, to += 16) v128.store(to, f32x4.mul(f, v128.load(from)));
  for (; from < end; from += 4, to += 4) store<f32>(to, factor * load<f32>(from));
}

/** to += factor * from. */
export function addScaled(to: usize, from: usize, count: i32, factor: f32): void {
  const f = f32x4.splat(factor), end = from + <usize>count * 4;
  for (; from + 16 <= end; from += 16, to += 16) {
    v128.store(to, f32x4.add(v128.load(to), f32x4.mul(f, v128.load(from))));
  }
  for (; from < end; from += 4, to += 4) store<f32>(to, load<f32>(to) + factor * load<f32>(from));
}
