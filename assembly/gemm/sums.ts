// Sums along the rows or the columns of a matrix, added to sums in f64. What floats of one sign sum to is wrong by less
// than 1e-6 of itself, however many they are: a chain of n additions in f32 costs n / 2 roundoffs of 2^-24, and what is
// summed here costs less than 16.

/** Additions of a chain, and sums of such chains of rows that are added before they leave f32. */
const CHAIN: i32 = 16;
const CHAINS: i32 = 8;
/** Additions of a chain in a row, whose four sums are added. */
const ROW_CHAIN: i32 = 20;

/** Adds four f32 to four f64. */
@inline
function addLanes(to: usize, x: v128): void {
  v128.store(to, f64x2.add(v128.load(to), f64x2.promote_low_f32x4(x)));
  v128.store(to, f64x2.add(v128.load(to, 16), f64x2.promote_low_f32x4(v128.shuffle<i64>(x, x, 1, 1))), 16);
}

/** to[j] += sum over rows i of from[i][j]. */
export function columnSums(to: usize, from: usize, rows: i32, cols: i32): void {
  const step = <usize>cols * 4, chain = <usize>CHAIN * step;
  for (let i = 0; i < rows; i += CHAIN * CHAINS) {
    const end = from + <usize>min(CHAIN * CHAINS, rows - i) * step;
    let j = 0;
    for (; j + 16 <= cols; j += 16) {
      let s = f32x4.splat(0), t = s, u = s, v = s;
      for (let first = from; first < end; first += chain) {
        let a = f32x4.splat(0), b = a, c = a, d = a;
        const stop = min(first + chain, end);
        for (let p = first + <usize>j * 4; p < stop; p += step) {
          a = f32x4.add(a, v128.load(p));
          b = f32x4.add(b, v128.load(p, 16));
          c = f32x4.add(c, v128.load(p, 32));
          d = f32x4.add(d, v128.load(p, 48));
        }
        s = f32x4.add(s, a);
        t = f32x4.add(t, b);
        u = f32x4.add(u, c);
        v = f32x4.add(v, d);
      }
      const q = to + <usize>j * 8;
      addLanes(q, s);
      addLanes(q + 32, t);
      addLanes(q + 64, u);
      addLanes(q + 96, v);
    }
    for (; j < cols; j++) {
      const q = to + <usize>j * 8;
      let sum = load<f64>(q);
      for (let p = from + <usize>j * 4; p < end; p += step) sum += load<f32>(p);
      store<f64>(q, sum);
    }
    from = end;
  }
}

/** to[i] += sum over columns j of from[i][j]. */
export function rowSums(to: usize, from: usize, rows: i32, cols: i32): void {
  for (const end = to + <usize>rows * 8; to < end; to += 8) {
    const rowEnd = from + <usize>cols * 4, vectorsEnd = from + <usize>(cols & ~15) * 4;
    let sum = load<f64>(to), rest: f32 = 0;
    while (from < vectorsEnd) {
      let a = f32x4.splat(0), b = a, c = a, d = a;
      for (const stop = min(from + ROW_CHAIN * 64, vectorsEnd); from < stop; from += 64) {
        a = f32x4.add(a, v128.load(from));
        b = f32x4.add(b, v128.load(from, 16));
        c = f32x4.add(c, v128.load(from, 32));
        d = f32x4.add(d, v128.load(from, 48));
      }
      const s = f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
      const low = f32x4.extract_lane(s, 0) + f32x4.extract_lane(s, 1);
      sum += low + (f32x4.extract_lane(s, 2) + f32x4.extract_lane(s, 3));
    }
    for (; from < rowEnd; from += 4) rest += load<f32>(from);
    store<f64>(to, sum + rest);
  }
}
