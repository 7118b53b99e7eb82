// Values to and from the cells that indices name, one at a time. An index is a flat position in a plane; planes stand
// channel by channel, or with the channels of a pixel side by side: cell i of channel j is at float i * channels + j.
// Values and indices are laid out alike; index -1 names none.

/** planes[index] = value; with `add` planes[index] += value. */
export function scatter(planes: usize, values: usize, indices: usize, count: i32, channels: i32, add: i32): void {
  const pixel = channels << 2;
  let channel = 0;
  for (const end = indices + <usize>count * 4; indices < end; indices += 4, values += 4) {
    const index = load<i32>(indices), at = planes + <usize>(index * pixel + channel);
    channel += 4;
    if (channel == pixel) channel = 0;
    if (index < 0) continue;
    let value = load<f32>(values);
    if (add) value += load<f32>(at);
    store<f32>(at, value);
  }
}

/** value = planes[index], or 0; with `add` value += planes[index]. */
export function gather(planes: usize, values: usize, indices: usize, count: i32, channels: i32, add: i32): void {
  const pixel = channels << 2;
  let channel = 0;
  for (const end = indices + <usize>count * 4; indices < end; indices += 4, values += 4) {
    const index = load<i32>(indices);
    let value: f32 = 0;
    if (index >= 0) value = load<f32>(planes + <usize>(index * pixel + channel));
    channel += 4;
    if (channel == pixel) channel = 0;
    if (add) value += load<f32>(values);
    store<f32>(values, value);
  }
}

/** Sets the word at `odd` to 1 unless all indices are -1 or cells of a plane. */
export function findOdd(indices: usize, count: i32, cells: i32, odd: usize): void {
  const one = i32x4.splat(1), end = indices + <usize>count * 4, whole = indices + (<usize>count * 4 & ~15);
  let most = i32x4.splat(0);
  for (; indices < whole; indices += 16) most = i32x4.max_u(most, i32x4.add(v128.load(indices), one));
  for (; indices < end; indices += 4) most = i32x4.max_u(most, i32x4.add(v128.load32_splat(indices), one));
  if (v128.any_true(i32x4.gt_u(most, i32x4.splat(cells)))) store<i32>(odd, 1);
}
