// Values to and from the cells that indices name, one at a time. An index is a flat position in a plane; planes stand channel by channel, or with
// the channels of a pixel side by side: cell i of channel j is at float i * channels + j. Values and indices are laid out alike.

/** What is done with a value. */
const ADD: i32 = 0, STORE: i32 = 1, GATHER: i32 = 2, GATHER_ADD: i32 = 3;

@inline
function each(action: i32, planes: usize, values: usize, indices: usize, count: i32, channels: i32): void {
  const pixel = channels << 2;
  let channel = 0;
  for (const end = indices + <usize>count * 4; indices < end; indices += 4, values += 4) {
    const index = load<i32>(indices), at = planes + <usize>(index * pixel + channel);
    channel += 4;
    if (channel == pixel) channel = 0;
    if (index < 0) {
      if (action == GATHER) store<f32>(values, 0);
    } else if (action == ADD) store<f32>(at, load<f32>(at) + load<f32>(values));
    else if (action == STORE) store<f32>(at, load<f32>(values));
    else if (action == GATHER) store<f32>(values, load<f32>(at));
    else store<f32>(values, load<f32>(values) + load<f32>(at));
  }
}

/** planes[index] += value: the gradient of a max pool. */
export function scatterAdd(planes: usize, values: usize, indices: usize, count: i32, channels: i32): void { each(ADD, planes, values, indices, count, channels); }
/** planes[index] = value: unpooling. */
export function scatterStore(planes: usize, values: usize, indices: usize, count: i32, channels: i32): void { each(STORE, planes, values, indices, count, channels); }
/** value = planes[index], 0 for index -1: the gradient of unpooling. */
export function gather(planes: usize, values: usize, indices: usize, count: i32, channels: i32): void { each(GATHER, planes, values, indices, count, channels); }
/** value += planes[index]. */
export function gatherAdd(planes: usize, values: usize, indices: usize, count: i32, channels: i32): void { each(GATHER_ADD, planes, values, indices, count, channels); }

/** Whether all indices are -1 or cells of a plane. */
export function indicesFit(indices: usize, count: i32, cells: i32): bool {
  const one = i32x4.splat(1), end = indices + <usize>count * 4, whole = indices + (<usize>count * 4 & ~15);
  let most = i32x4.splat(0);
  for (; indices < whole; indices += 16) most = i32x4.max_u(most, i32x4.add(v128.load(indices), one));
  for (; indices < end; indices += 4) most = i32x4.max_u(most, i32x4.add(v128.load32_splat(indices), one));
  return !v128.any_true(i32x4.gt_u(most, i32x4.splat(cells)));
}
