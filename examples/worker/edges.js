// Sobel's edges: how steep a grey picture is at every pixel.

import { conv2d, tensor } from 'stridewise';

/** Derivatives to the right and downwards, [2, 1, 3, 3]. */
const sobel = tensor([-1, 0, 1, -2, 0, 2, -1, 0, 1, -1, -2, -1, 0, 0, 0, 1, 2, 1], [2, 1, 3, 3]);

/**
 * @param {{ data: Float32Array, width: number, height: number }} picture levels from 0 to 255
 * @returns {Uint8Array} levels, a slope of 255 and more being white
 */
export function edgesOf({ data, width, height }) {
  const x = { data, shape: [1, 1, height, width] };
  const slopes = conv2d(x, sobel, { padding: 1, paddingMode: 'replicate' }).data;
  const pixels = width * height;
  const edges = new Uint8Array(pixels);
  for (let i = 0; i < pixels; i++) {
    const slope = Math.sqrt(slopes[i] ** 2 + slopes[pixels + i] ** 2);
    edges[i] = Math.min(255, Math.round(slope));
  }
  return edges;
}
