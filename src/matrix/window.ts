import { ShapeError } from '../errors.js';
import type { ConvProblem, PaddingMode } from '../types.js';
import { LARGEST } from './sparse.js';

/** Extents of a problem with the axes multiplied out. */
export interface Counts {
  /** Cells of one input channel. */
  readonly cells: number;
  /** Taps of one kernel. */
  readonly taps: number;
  /** Cells of one output channel. */
  readonly positions: number;
}

export function countsOf(p: ConvProblem): Counts {
  return { cells: p.id * p.ih * p.iw, taps: p.kd * p.kh * p.kw, positions: p.od * p.oh * p.ow };
}

/**
 * Visits the taps of the window at a flat output position, in row-major order, each with the cell it reads; taps on
 * zero padding are left out.
 */
export type VisitWindow = (position: number, visit: (tap: number, cell: number) => void) => void;

/** The windows of a convolution over one channel; positions, taps and cells are flat and row-major. */
export function windowsOf(p: ConvProblem): VisitWindow {
  const depth = axisReads(p.id, p.kd, p.od, p.sd, p.dd, p.pd, p.paddingMode);
  const height = axisReads(p.ih, p.kh, p.oh, p.sh, p.dh, p.ph, p.paddingMode);
  const width = axisReads(p.iw, p.kw, p.ow, p.sw, p.dw, p.pw, p.paddingMode);
  return (position, visit) => {
    const row = Math.floor(position / p.ow);
    for (const d of depth[Math.floor(row / p.oh)]) {
      for (const h of height[row % p.oh]) {
        for (const w of width[position % p.ow]) {
          visit((d.tap * p.kh + h.tap) * p.kw + w.tap, (d.cell * p.ih + h.cell) * p.iw + w.cell);
        }
      }
    }
  };
}

interface Read {
  readonly tap: number;
  readonly cell: number;
}

/** What the window at each output position reads along one axis. */
function axisReads(
  input: number,
  kernel: number,
  output: number,
  stride: number,
  dilation: number,
  begin: number,
  mode: PaddingMode,
): Read[][] {
  if (kernel * output > LARGEST)
    throw new ShapeError(
      `${output} windows of ${kernel} taps along an axis have ${kernel * output}, expected at most ${LARGEST}`,
    );
  return Array.from({ length: output }, (_, o) => {
    const reads = Array.from({ length: kernel }, (_, tap) => ({
      tap,
      cell: cellAt(o * stride + tap * dilation - begin, input, mode),
    }));
    return reads.filter(({ cell }) => cell >= 0);
  });
}

/** The cell that a coordinate reads; negative where there is none. */
function cellAt(at: number, extent: number, mode: PaddingMode): number {
  if (at >= 0 && at < extent) return at;
  switch (mode) {
    case 'zeros':
      return -1;
    case 'replicate':
      return at < 0 ? 0 : extent - 1;
    case 'reflect':
      return at < 0 ? -at : 2 * (extent - 1) - at;
    case 'circular':
      return at < 0 ? at + extent : at - extent;
  }
}
