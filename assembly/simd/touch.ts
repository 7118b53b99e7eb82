// Software prefetch: wasm has no such instruction, so a word of each cache line is loaded and dropped. The hardware
// prefetcher follows few long streams; many short ones defeat it.

/**
 * Loads a word of every cache line of `rows` runs of `bytes` bytes, `step` bytes apart; all runs at once, so that their
 * misses overlap.
 */
export function touch(at: usize, rows: i32, step: usize, bytes: usize): void {
  for (const end = at + bytes; at < end; at += 64) {
    for (let r = 0, p = at; r < rows; r++, p += step) load<u32>(p);
  }
}
