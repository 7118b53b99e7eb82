// A picture through the network, in tiles.

import { fieldOf, Network } from './network.js';
import { copyPixels, spans, windowOf } from './tiles.js';

/** @typedef {import('stridewise').Tensor} Tensor */

/** Most pixels of a tile along an axis: larger ones take more memory, smaller ones compute more of each other's edges. */
const TILE = 256;

/**
 * @param {import('./model.js').Model} model
 * @param {Tensor} picture [1, height, width, channels], in the units of the model
 * @param {(share: number) => void} progress told how much is done
 * @param {number} [tile] most pixels of a tile along an axis
 * @returns {Tensor} larger by the model's scale
 */
export function upscale(model, { data, shape: [, height, width, channels] }, progress, tile = TILE) {
  const { scale, reach } = fieldOf(model);
  const [tall, wide] = [height, width].map((extent) => windowOf(extent, tile, reach));
  const network = new Network(model, [1, tall, wide, channels]);
  try {
    const [rows, columns] = [spans(height, tall, reach), spans(width, wide, reach)];
    const out = network.output.shape[3];
    const result = new Float32Array(scale * height * scale * width * out);
    rows.forEach((row, i) => {
      columns.forEach((column, j) => {
        copyPixels(network.input.data, wide, 0, 0, data, width, row.begin, column.begin, tall, wide, channels);
        const { data: found } = network.run();
        const [top, left] = [scale * row.from, scale * column.from];
        const [within, beside] = [scale * (row.from - row.begin), scale * (column.from - column.begin)];
        const [h, w] = [scale * (row.to - row.from), scale * (column.to - column.from)];
        copyPixels(result, scale * width, top, left, found, scale * wide, within, beside, h, w, out);
        progress((i * columns.length + j + 1) / (rows.length * columns.length));
      });
    });
    return { data: result, shape: [1, scale * height, scale * width, out] };
  } finally {
    network.dispose();
  }
}
