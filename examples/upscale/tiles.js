// A picture in tiles of one size, which a network of that size takes one after the other.

/**
 * @typedef {object} Span along an axis, in pixels of the input
 * @property {number} begin of what the network reads
 * @property {number} from where its result is used
 * @property {number} to
 */

/**
 * Extent of windows of at most `most` that cover an axis with as few as there can be, and as small ones.
 * @param {number} extent @param {number} most more than twice `reach` @param {number} reach
 */
export function windowOf(extent, most, reach) {
  if (extent <= most) return extent;
  const count = Math.ceil((extent - 2 * reach) / (most - 2 * reach));
  return Math.ceil((extent - 2 * reach) / count) + 2 * reach;
}

/**
 * Windows over an axis. What a window gives within `reach` of its ends is wrong, unless the picture ends there, too:
 * the next window has it right.
 * @param {number} extent @param {number} window at most `extent`, more than twice `reach` @param {number} reach
 * @returns {Span[]}
 */
export function spans(extent, window, reach) {
  const list = [];
  for (let from = 0; from < extent; ) {
    const begin = Math.min(Math.max(0, from - reach), extent - window);
    const to = begin + window === extent ? extent : begin + window - reach;
    list.push({ begin, from, to });
    from = to;
  }
  return list;
}

/**
 * Copies a rectangle of pixels; both pictures are [height, width, channels].
 * @param {Float32Array} to @param {number} toWidth @param {number} toTop @param {number} toLeft
 * @param {Float32Array} from @param {number} fromWidth @param {number} fromTop @param {number} fromLeft
 * @param {number} height @param {number} width @param {number} channels
 */
export function copyPixels(to, toWidth, toTop, toLeft, from, fromWidth, fromTop, fromLeft, height, width, channels) {
  for (let row = 0; row < height; row++) {
    const at = ((fromTop + row) * fromWidth + fromLeft) * channels;
    to.set(from.subarray(at, at + width * channels), ((toTop + row) * toWidth + toLeft) * channels);
  }
}
