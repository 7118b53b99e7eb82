// Panels: the matrix B[k][n] as [ceil(n / 8)][k][8], the last panel filled up with zeros, so that the tile reads eight
// columns in one line.

/** Four steps of k that lie side by side, for four columns that exist: a transpose of 4 x 4. */
@inline
function packSquare(from: usize, nStep: usize, scale: v128, to: usize): void {
  const a = v128.load(from), b = v128.load(from + nStep);
  const c = v128.load(from + 2 * nStep), d = v128.load(from + 3 * nStep);
  const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5), ab1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5), cd1 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(to, f32x4.mul(scale, v128.shuffle<i64>(ab0, cd0, 0, 2)));
  v128.store(to, f32x4.mul(scale, v128.shuffle<i64>(ab0, cd0, 1, 3)), 32);
  v128.store(to, f32x4.mul(scale, v128.shuffle<i64>(ab1, cd1, 0, 2)), 64);
  v128.store(to, f32x4.mul(scale, v128.shuffle<i64>(ab1, cd1, 1, 3)), 96);
}

/**
 * Four panels at once from rows of consecutive columns: B is read in whole cache lines, however far apart its rows are.
 */
function packFour(to: usize, panelStep: usize, from: usize, k: i32, kStep: usize, scale: v128): void {
  const to1: usize = panelStep, to2: usize = 2 * panelStep, to3: usize = 3 * panelStep;
  for (const end = to + <usize>k * 32; to < end; to += 32) {
    v128.store(to, f32x4.mul(scale, v128.load(from)));
    v128.store(to, f32x4.mul(scale, v128.load(from, 16)), 16);
    v128.store(to + to1, f32x4.mul(scale, v128.load(from, 32)));
    v128.store(to + to1, f32x4.mul(scale, v128.load(from, 48)), 16);
    v128.store(to + to2, f32x4.mul(scale, v128.load(from, 64)));
    v128.store(to + to2, f32x4.mul(scale, v128.load(from, 80)), 16);
    v128.store(to + to3, f32x4.mul(scale, v128.load(from, 96)));
    v128.store(to + to3, f32x4.mul(scale, v128.load(from, 112)), 16);
    from += kStep;
  }
}

/** One panel of whole width. */
function packWhole(to: usize, from: usize, k: i32, kStep: usize, nStep: usize, scale: v128): void {
  const end = to + <usize>k * 32;
  if (nStep == 4) {
    for (; to < end; to += 32) {
      v128.store(to, f32x4.mul(scale, v128.load(from)));
      v128.store(to, f32x4.mul(scale, v128.load(from, 16)), 16);
      from += kStep;
    }
    return;
  }
  if (kStep == 4) {
    for (; to + 128 <= end; to += 128) {
      packSquare(from, nStep, scale, to);
      packSquare(from + 4 * nStep, nStep, scale, to + 16);
      from += 16;
    }
  }
  for (; to < end; to += 32) {
    let x = v128.load32_zero(from), y = v128.load32_zero(from + 4 * nStep);
    x = v128.load32_lane(from + nStep, x, 1); y = v128.load32_lane(from + 5 * nStep, y, 1);
    x = v128.load32_lane(from + 2 * nStep, x, 2); y = v128.load32_lane(from + 6 * nStep, y, 2);
    x = v128.load32_lane(from + 3 * nStep, x, 3); y = v128.load32_lane(from + 7 * nStep, y, 3);
    v128.store(to, f32x4.mul(scale, x)); v128.store(to, f32x4.mul(scale, y), 16);
    from += kStep;
  }
}

/** All bits in lanes before `count`. */
@inline
function lanesBefore(count: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count));
}

/** A last panel of fewer than eight columns. */
function packPart(to: usize, from: usize, k: i32, columns: i32, kStep: usize, nStep: usize, scale: v128): void {
  const end = to + <usize>k * 32;
  if (nStep == 4) {
    const low = lanesBefore(columns), high = lanesBefore(columns - 4);
    for (; to < end; to += 32) {
      v128.store(to, v128.and(low, f32x4.mul(scale, v128.load(from))));
      v128.store(to, v128.and(high, f32x4.mul(scale, v128.load(from, 16))), 16);
      from += kStep;
    }
    return;
  }
  const factor = f32x4.extract_lane(scale, 0);
  for (; to < end; to += 32) {
    v128.store(to, f32x4.splat(0));
    v128.store(to, f32x4.splat(0), 16);
    for (let j = 0, p = from; j < columns; j++, p += nStep) store<f32>(to + <usize>j * 4, factor * load<f32>(p));
    from += kStep;
  }
}

/**
 * Packs `scale` * B. B[p][j] stands at `from` + p * kStep + j * nStep (bytes); panels are `panelStep` bytes apart, so
 * that several calls can fill consecutive ranges of k.
 */
export function packPanels(
  to: usize, panelStep: usize, from: usize, k: i32, n: i32, kStep: usize, nStep: usize, scale: f32,
): void {
  const factor = f32x4.splat(scale);
  let j = 0;
  if (nStep == 4) {
    for (; j + 32 <= n; j += 32) {
      packFour(to, panelStep, from, k, kStep, factor);
      to += 4 * panelStep;
      from += 128;
    }
  }
  for (; j < n; j += 8) {
    const columns = min(8, n - j);
    if (columns == 8) packWhole(to, from, k, kStep, nStep, factor);
    else packPart(to, from, k, columns, kStep, nStep, factor);
    to += panelStep;
    from += 8 * nStep;
  }
}
