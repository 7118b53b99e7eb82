import type { ConvProblem } from '../../types.js';
import { isBeyondCache } from '../beyond-cache.js';
import type { Tiling } from './tiling.js';

/**
 * Channels from which blocks of tiles touch what they read and write where it is far: pieces of four channels, of every
 * row and column of a tile, would wait for memory one by one. (64 channels at 224x224, 8 images at 56x56: 1.05 to 1.08
 * times as fast, half of it for y; 24 and 32 channels at 224x224 1.05, 16 to 64 1.2; 16 channels at 150x150 0.93.)
 */
const FAR_CHANNELS = 24;

/** Whether blocks of tiles touch what they read, and write: only where it comes from memory, pixel after pixel. */
export function touches(p: ConvProblem, { y, x }: Tiling['grid'], yIsLast: boolean) {
  const isFar = (c: number, pixels: number) => c >= FAR_CHANNELS && isBeyondCache(p.n * c * pixels);
  const isPlane = Math.min(y.outputs, x.outputs) > 1;
  return {
    touchesX: Number(p.channelsLast && isFar(p.ic, p.id * p.ih * p.iw)),
    // y of lines is as fast without (0.95 to 1.02)
    touchesY: Number(yIsLast && isPlane && isFar(p.oc, p.od * p.oh * p.ow)),
  };
}
