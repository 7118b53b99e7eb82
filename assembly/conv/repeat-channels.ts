/** Every channel of `pixels` pixels `times` over: the image that a channel multiplier reads. */
export function repeatChannels(to: usize, from: usize, pixels: i32, channels: i32, times: i32): void {
  for (const end = from + <usize>(pixels * channels) * 4; from < end; from += 4) {
    const value = load<f32>(from);
    for (let i = 0; i < times; i++, to += 4) store<f32>(to, value);
  }
}
