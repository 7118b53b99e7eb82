import { type Tensor, tensor } from 'stridewise';

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue and opacity, 0 to 255. */
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

/** Three planes of samples from 0 to 1, [1, 3, height, width]. */
export function toTensor({ width, height, data }: Pixels): Tensor {
  const plane = width * height;
  const planes = new Float32Array(3 * plane);
  for (let c = 0; c < 3; c++) for (let i = 0; i < plane; i++) planes[c * plane + i] = data[4 * i + c] / 255;
  return tensor(planes, [1, 3, height, width]);
}

/** One (grey) or three planes as pixels, clamped. */
export function toPixels({ data, shape: [, channels, height, width] }: Tensor): Pixels {
  const plane = width * height;
  const pixels = new Uint8ClampedArray(4 * plane);
  for (let i = 0; i < plane; i++) {
    for (let c = 0; c < 3; c++) pixels[4 * i + c] = 255 * data[(channels === 1 ? 0 : c) * plane + i];
    pixels[4 * i + 3] = 255;
  }
  return { width, height, data: pixels };
}

/** Levels from 0 to 255, [1, height, width, 3]. */
export function toLevels({ width, height, data }: Pixels): Tensor {
  const levels = new Float32Array(3 * width * height);
  for (let i = 0; i < levels.length; i++) levels[i] = data[4 * Math.floor(i / 3) + (i % 3)];
  return tensor(levels, [1, height, width, 3]);
}

/** Levels as pixels, rounded and clamped. */
export function fromLevels({ data, shape: [, height, width] }: Tensor): Pixels {
  const pixels = new Uint8ClampedArray(4 * width * height).fill(255);
  for (let i = 0; i < data.length; i++) pixels[4 * Math.floor(i / 3) + (i % 3)] = data[i];
  return { width, height, data: pixels };
}

/** Width and height of a picture made to fit. */
export function fit(width: number, height: number, most: number): { width: number; height: number } {
  const scale = Math.min(1, most / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
