import { colour } from '../dom.js';

/** Red, green, blue, 0 to 255. */
export type Rgb = readonly [number, number, number];

/** A colour in numbers: the canvas knows every notation. */
export function rgbOf(notation: string): Rgb {
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
  context.fillStyle = notation;
  context.fillRect(0, 0, 1, 1);
  const [r, g, b] = context.getImageData(0, 0, 1, 1).data;
  return [r, g, b];
}

/** The same for those that know few notations. */
export const hexOf = (notation: string): string =>
  `#${rgbOf(notation)
    .map((level) => level.toString(16).padStart(2, '0'))
    .join('')}`;

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
  empty: rgbOf(colour('--matrix-empty')),
  zero: rgbOf(colour('--matrix-zero')),
  plus: rgbOf(colour('--plus')),
  minus: rgbOf(colour('--minus')),
});

/** A number between −1 and 1 as a colour. */
export const colourOf = (strength: number, { zero, plus, minus }: Palette): Rgb =>
  mix(zero, strength < 0 ? minus : plus, Math.min(1, Math.abs(strength)));
