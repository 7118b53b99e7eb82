/**
 * Whether what a layer reads, or writes, comes from memory, so that tiles, which jump from pixel to pixel, touch it in
 * order beforehand: from 1 MB on. Smaller images, and bands of large ones, stay in the L2 cache (depthwise is 6 to 10 %
 * slower with a touch, ic64ih56iw56_oc64kh3kw3_ph1pw1 1 %).
 */
export const isBeyondCache = (floats: number): boolean => floats * 4 >= 1024 * 1024;
