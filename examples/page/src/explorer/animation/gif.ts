import { applyPalette, GIFEncoder, quantize } from 'gifenc';
import type { Scene, Shape } from './scene.js';

/** Pixels of the picture for each of the page. */
const SCALE = 1.5;

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
  for (const { shapes, background } of scenes) {
    context.fillStyle = background;
    context.fillRect(0, 0, canvas.width, canvas.height);
    for (const shape of shapes) paint(context, shape);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const palette = quantize(data, 256);
    gif.writeFrame(applyPalette(data, palette), canvas.width, canvas.height, { palette, delay: milliseconds });
    // lets the page live
    await new Promise((resolve) => setTimeout(resolve));
  }
  gif.finish();
  return gif.bytes();
}
