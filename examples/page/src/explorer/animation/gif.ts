import { applyPalette, GIFEncoder, quantize } from 'gifenc';
import type { Scene, Shape } from './scene.js';

/** Pixels of the picture for each of the page. */
const SCALE = 1.5;
/** Colours of a frame: one of 256 is transparent. */
const COLOURS = 255;

function paint(context: CanvasRenderingContext2D, shape: Shape): void {
  const { x, y, width, height, fill, ring, isDashed, text, ink, size, isBold, isCentred } = shape;
  context.beginPath();
  context.roundRect(x, y, width, height, 4);
  if (fill) {
    context.fillStyle = fill;
    context.fill();
  }
  if (ring) {
    context.strokeStyle = ring;
    context.lineWidth = isDashed ? 1 : 2;
    context.setLineDash(isDashed ? [3, 2] : []);
    context.stroke();
  }
  if (!text) return;
  context.fillStyle = ink ?? '#000';
  context.font = `${isBold ? '600 ' : ''}${size}px system-ui, sans-serif`;
  context.textBaseline = 'middle';
  context.textAlign = isCentred ? 'center' : 'left';
  context.fillText(text, isCentred ? x + width / 2 : x, y + height / 2 + 1);
}

/** An animation as a GIF that begins anew at its end. */
export async function gifOf(scenes: readonly Scene[], milliseconds: number): Promise<Uint8Array<ArrayBuffer>> {
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(SCALE * Math.max(...scenes.map(({ width }) => width)));
  canvas.height = Math.round(SCALE * Math.max(...scenes.map(({ height }) => height)));
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.scale(SCALE, SCALE);
  const gif = GIFEncoder();
  let before: Uint32Array | undefined;
  for (const { shapes, background } of scenes) {
    context.fillStyle = background;
    context.fillRect(0, 0, canvas.width, canvas.height);
    for (const shape of shapes) paint(context, shape);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const colours = quantize(data, COLOURS);
    const pixels = applyPalette(data, colours);
    const now = new Uint32Array(data.buffer);
    // what stays as it was is transparent
    if (before) for (let i = 0; i < now.length; i++) if (now[i] === before[i]) pixels[i] = colours.length;
    before = now;
    const palette = [...colours, [0, 0, 0]];
    const transparency = { transparent: true, transparentIndex: colours.length, dispose: 1 };
    gif.writeFrame(pixels, canvas.width, canvas.height, { palette, delay: milliseconds, ...transparency });
    // lets the page live
    await new Promise((resolve) => setTimeout(resolve));
  }
  gif.finish();
  return gif.bytes();
}
