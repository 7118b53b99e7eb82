import { colour } from '../dom.js';

/** Red, green, blue, 0 to 255. */
export type Rgb = readonly [number, number, number];

/** A colour of the style sheet in numbers: the canvas knows every notation. */
export function rgbOf(name: string): Rgb {
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
  context.fillStyle = colour(name);
  context.fillRect(0, 0, 1, 1);
  const [r, g, b] = context.getImageData(0, 0, 1, 1).data;
  return [r, g, b];
}

export const mix = (from: Rgb, to: Rgb, share: number): Rgb => [
  from[0] + (to[0] - from[0]) * share,
  from[1] + (to[1] - from[1]) * share,
  from[2] + (to[2] - from[2]) * share,
];

/** The colours of numbers: nothing, positive, negative. */
export interface Palette {
  readonly empty: Rgb;
  readonly zero: Rgb;
  readonly plus: Rgb;
  readonly minus: Rgb;
}

export const palette = (): Palette => ({
  empty: rgbOf('--matrix-empty'),
  zero: rgbOf('--matrix-zero'),
  plus: rgbOf('--plus'),
  minus: rgbOf('--minus'),
});

/** A number between −1 and 1 as a colour. */
export const colourOf = (strength: number, { zero, plus, minus }: Palette): Rgb =>
  mix(zero, strength < 0 ? minus : plus, Math.min(1, Math.abs(strength)));
