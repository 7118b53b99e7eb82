// What was learnt, as pictures.

/** @typedef {import('stridewise').Tensor} Tensor */
/** @typedef {{ extent: number, data: ArrayLike<number> }} Tile a square, 0 (black) to 1 (white) */

/** Pixels of the line between tiles. */
const LINE = 2;

/**
 * Square tiles side by side, each of their pixels `zoom` pixels wide, with white lines between.
 * @param {readonly Tile[]} tiles @param {number} across how many in a row @param {number} zoom
 * @returns {Tensor} [1, 1, height, width]
 */
export function sheet(tiles, across, zoom) {
  const pitch = zoom * tiles[0].extent + LINE;
  const width = across * pitch + LINE;
  const height = Math.ceil(tiles.length / across) * pitch + LINE;
  const data = new Float32Array(width * height).fill(1);
  for (const [i, { extent, data: tile }] of tiles.entries()) {
    const top = Math.floor(i / across) * pitch + LINE;
    const left = (i % across) * pitch + LINE;
    for (let y = 0; y < extent * zoom; y++) {
      for (let x = 0; x < extent * zoom; x++) {
        data[(top + y) * width + left + x] = tile[Math.floor(y / zoom) * extent + Math.floor(x / zoom)];
      }
    }
  }
  return { data, shape: [1, 1, height, width] };
}

/**
 * The filters of a convolution over one channel: grey is 0, the largest weight of each filter white or black.
 * @param {Tensor} weight [extent, extent, 1, filters]
 * @returns {Tile[]}
 */
export function filterTiles({ data, shape: [extent, , , filters] }) {
  return Array.from({ length: filters }, (_, f) => {
    const weights = Array.from({ length: extent ** 2 }, (_, tap) => data[tap * filters + f]);
    const largest = Math.max(...weights.map(Math.abs)) || 1;
    return { extent, data: weights.map((value) => 0.5 + (0.5 * value) / largest) };
  });
}

/**
 * One picture of each digit there is; below them the probability of ink that the network gives to each pixel, and the
 * ink.
 * @param {import('./learner.js').Learner} learner @param {import('./digits.js').Digits} digits
 * @returns {Tile[]} three rows
 */
export function foundTiles(learner, digits) {
  const { extent, pictures, masks, labels } = digits;
  const batch = Uint32Array.from([...new Set(labels)].sort(), (label) => labels.indexOf(label));
  learner.judge(digits, batch);
  const found = learner.network.output.value.data.map((logit) => 1 / (1 + Math.exp(-logit)));
  const row = (/** @type {Float32Array} */ data, /** @type {ArrayLike<number>} */ places) =>
    Array.from(places, (at) => ({ extent, data: data.subarray(at * extent ** 2, (at + 1) * extent ** 2) }));
  return [
    ...row(pictures, batch),
    ...row(
      found,
      batch.map((_, i) => i),
    ),
    ...row(masks, batch),
  ];
}
