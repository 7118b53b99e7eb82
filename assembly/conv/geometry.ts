// The geometry record: everything a kernel may know about a convolution. TypeScript writes it as one run of 32-bit
// words in this order. Missing leading axes have extent 1. Strides are in floats, of the tensors as the caller laid
// them out.

/** What cells outside the input hold. */
@inline export const ZEROS: i32 = 0;
@inline export const REFLECT: i32 = 1;
@inline export const REPLICATE: i32 = 2;
@inline export const CIRCULAR: i32 = 3;

@unmanaged
export class Geometry {
  n: i32; ic: i32; oc: i32; groups: i32;
  id: i32; ih: i32; iw: i32;
  kd: i32; kh: i32; kw: i32;
  od: i32; oh: i32; ow: i32;
  sd: i32; sh: i32; sw: i32;
  dd: i32; dh: i32; dw: i32;
  pd: i32; ph: i32; pw: i32;
  pdEnd: i32; phEnd: i32; pwEnd: i32;
  /** What cells outside the input hold: ZEROS and so on. */
  paddingMode: i32;
  /** 1: the kernel is flipped (true convolution). */
  flipKernel: i32;
  xN: i32; xC: i32; xD: i32; xH: i32; xW: i32;
  yN: i32; yC: i32; yD: i32; yH: i32; yW: i32;
  weightO: i32; weightC: i32; weightTap: i32;
  lo: f32; hi: f32;
}

/**
 * Source of position i of an axis of `extent` cells that is continued by `mode`; -1 for a zero. i in [-extent, 2
 * extent) for the mirrored modes.
 */
@inline
export function sourceOf(i: i32, extent: i32, mode: i32): i32 {
  if (<u32>i < <u32>extent) return i;
  if (mode == ZEROS) return -1;
  if (mode == REFLECT) return i < 0 ? -i : 2 * (extent - 1) - i;
  if (mode == REPLICATE) return i < 0 ? 0 : extent - 1;
  return i < 0 ? i + extent : i - extent;
}
