/** Words before and after a fenced view, and the pattern they hold. */
const FENCE_WORDS = 8;
const FENCE = 0xfe11ce5d;

/**
 * A Float32Array of `size` elements filled with NaN, in the middle of a larger buffer, at a byte offset that is not a
 * multiple of 16; the words around it hold a known pattern. A kernel that skips an element leaves NaN, one that writes
 * outside breaks the fence.
 */
export function fencedOutput(size: number): Float32Array {
  const words = new Uint32Array(size + 2 * FENCE_WORDS + 1).fill(FENCE);
  return new Float32Array(words.buffer, (FENCE_WORDS + 1) * 4, size).fill(Number.NaN);
}

/** Fails where a word around a view made by `fencedOutput` has changed. */
export function checkFence(view: Float32Array): void {
  const words = new Uint32Array(view.buffer);
  const begin = view.byteOffset / 4;
  words.forEach((word, at) => {
    const inside = at >= begin && at < begin + view.length;
    if (!inside && word !== FENCE)
      throw new Error(`word ${at - begin} relative to an output of ${view.length} was overwritten`);
  });
}
