// Sums along the rows or the columns of a matrix, added to what is there. Partial sums of a few hundred terms keep the
// chains of additions short.

/** Terms of a partial sum. */
const BLOCK: i32 = 256;

/** to[j] += sum over rows i of from[i][j]. */
export function columnSums(to: usize, from: usize, rows: i32, cols: i32): void {
  const step = <usize>cols * 4;
  for (let i = 0; i < rows; i += BLOCK) {
    const end = from + <usize>min(BLOCK, rows - i) * step;
    let j = 0;
    for (; j + 16 <= cols; j += 16) {
      let a = f32x4.splat(0), b = a, c = a, d = a;
      for (let p = from + <usize>j * 4; p < end; p += step) {
        a = f32x4.add(a, v128.load(p));
        b = f32x4.add(b, v128.load(p, 16));
        c = f32x4.add(c, v128.load(p, 32));
        d = f32x4.add(d, v128.load(p, 48));
      }
      const q = to + <usize>j * 4;
      v128.store(q, f32x4.add(a, v128.load(q)));
      v128.store(q, f32x4.add(b, v128.load(q, 16)), 16);
      v128.store(q, f32x4.add(c, v128.load(q, 32)), 32);
      v128.store(q, f32x4.add(d, v128.load(q, 48)), 48);
    }
    for (; j < cols; j++) {
      let sum: f32 = 0;
      for (let p = from + <usize>j * 4; p < end; p += step) sum += load<f32>(p);
      const q = to + <usize>j * 4;
      store<f32>(q, load<f32>(q) + sum);
    }
    from = end;
  }
}

/** The sum of `count` floats, in 16 partial sums. */
function sumOf(from: usize, count: i32): f32 {
  let a = f32x4.splat(0), b = a, c = a, d = a, rest: f32 = 0;
  const end = from + <usize>count * 4;
  for (; from + 64 <= end; from += 64) {
    a = f32x4.add(a, v128.load(from));
    b = f32x4.add(b, v128.load(from, 16));
    c = f32x4.add(c, v128.load(from, 32));
    d = f32x4.add(d, v128.load(from, 48));
  }
  for (; from < end; from += 4) rest += load<f32>(from);
  const s = f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
  const low = f32x4.extract_lane(s, 0) + f32x4.extract_lane(s, 1);
  const high = f32x4.extract_lane(s, 2) + f32x4.extract_lane(s, 3);
  return low + high + rest;
}

/** to[i] += sum over columns j of from[i][j]. */
export function rowSums(to: usize, from: usize, rows: i32, cols: i32): void {
  for (let i = 0; i < rows; i++) {
    let sum: f32 = 0;
    for (let j = 0; j < cols; j += 16 * BLOCK) sum += sumOf(from + <usize>j * 4, min(16 * BLOCK, cols - j));
    store<f32>(to, load<f32>(to) + sum);
    to += 4;
    from += <usize>cols * 4;
  }
}
