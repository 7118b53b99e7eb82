import { type Axis, type PaddingMode, resolveAxes, type WindowOptions } from './axes.js';
import { type Grid, spread } from './tensor.js';

/**
 * What one tap of a window reads along one axis: a cell of the input or null, and whether it lies within the input plus
 * its declared padding.
 */
export interface Tap {
  readonly cell: number | null;
  readonly declared: boolean;
}

/** All windows along one axis in output order, each with its taps in kernel order. */
export type AxisWindows = readonly (readonly Tap[])[];

/** The windows of d, h and w over an input of the given extents. */
export interface Windows {
  readonly axes: readonly [AxisWindows, AxisWindows, AxisWindows];
  readonly input: Grid;
  readonly output: Grid;
}

/**
 * Visits every (output position, tap, source cell) of the windows: `position`, `tap` and `cell` are flat and row-major
 * in the output, the kernel and the input; `cell` is null where the tap reads nothing. Everything windowed in this
 * folder is written on this one enumeration.
 */
export function forEachTap(
  windows: Windows,
  visit: (position: number, tap: number, cell: number | null, declared: boolean) => void,
): void {
  const [depths, heights, widths] = windows.axes;
  const [, ih, iw] = windows.input;
  let position = 0;
  for (const depth of depths) {
    for (const height of heights) {
      for (const width of widths) {
        let tap = 0;
        for (const d of depth) {
          for (const h of height) {
            for (const w of width) {
              const inside = d.cell !== null && h.cell !== null && w.cell !== null;
              const cell = inside ? (d.cell * ih + h.cell) * iw + w.cell : null;
              visit(position, tap, cell, d.declared && h.declared && w.declared);
              tap += 1;
            }
          }
        }
        position += 1;
      }
    }
  }
}

/** The cell a coordinate outside [0, extent) reads. */
function outside(at: number, extent: number, mode: PaddingMode): number | null {
  if (mode === 'zeros') return null;
  if (mode === 'replicate') return at < 0 ? 0 : extent - 1;
  const cell = mode === 'reflect' ? (at < 0 ? -at : 2 * (extent - 1) - at) : at < 0 ? at + extent : at - extent;
  if (cell < 0 || cell >= extent) throw new Error(`${mode} padding reads cell ${at} of an extent of ${extent}`);
  return cell;
}

/** The taps of the window that starts at `start`. */
function tapsFrom(start: number, extent: number, axis: Axis, mode: PaddingMode): Tap[] {
  const taps: Tap[] = [];
  for (let t = 0; t < axis.kernel; t += 1) {
    const at = start + t * axis.dilation;
    const declared = at >= -axis.begin && at < extent + axis.end;
    const cell = at >= 0 && at < extent ? at : declared ? outside(at, extent, mode) : null;
    taps.push({ cell, declared });
  }
  return taps;
}

/**
 * Counts the windows of a forward operator: they start at -begin and advance by the stride while the last tap stays on
 * the padded input. With `ceil`, one more is taken as long as the window before it ended short of the padded end, and a
 * last window that starts at or beyond the input is dropped.
 */
export function slidingWindows(extent: number, axis: Axis, mode: PaddingMode, ceil: boolean): AxisWindows {
  const windows: Tap[][] = [];
  const lastCell = extent + axis.end - 1;
  for (let start = -axis.begin; ; start += axis.stride) {
    const reach = start + (axis.kernel - 1) * axis.dilation;
    const short = reach - axis.stride < lastCell;
    if (reach > lastCell && !(ceil && short)) break;
    windows.push(tapsFrom(start, extent, axis, mode));
  }
  if (ceil && windows.length > 0 && (windows.length - 1) * axis.stride - axis.begin >= extent) windows.pop();
  if (windows.length === 0) throw new Error(`no window of ${JSON.stringify(axis)} fits an extent of ${extent}`);
  return windows;
}

/**
 * A given number of windows laid over `extent` cells, as a transposed operator writes them; taps off the extent write
 * nothing.
 */
export function scatterWindows(count: number, extent: number, axis: Axis): AxisWindows {
  const windows: Tap[][] = [];
  for (let o = 0; o < count; o += 1) windows.push(tapsFrom(o * axis.stride - axis.begin, extent, axis, 'zeros'));
  return windows;
}

/** How many cells `count` windows cover once the padding is cut off both ends. */
export function coveredExtent(count: number, axis: Axis): number {
  let covered = 0;
  for (let o = 0; o < count; o += 1) {
    for (let t = 0; t < axis.kernel; t += 1) covered = Math.max(covered, o * axis.stride + t * axis.dilation + 1);
  }
  return covered - axis.begin - axis.end;
}

/** Window i of an adaptive pool: [floor(i * extent / count), ceil((i + 1) * extent / count)). */
export function adaptiveWindows(extent: number, count: number): AxisWindows {
  const windows: Tap[][] = [];
  for (let i = 0; i < count; i += 1) {
    const taps: Tap[] = [];
    const end = Math.ceil(((i + 1) * extent) / count);
    for (let cell = Math.floor((i * extent) / count); cell < end; cell += 1) taps.push({ cell, declared: true });
    windows.push(taps);
  }
  return windows;
}

export function joinAxes(axes: readonly AxisWindows[], input: Grid): Windows {
  const [d, h, w] = spread(axes, [[{ cell: 0, declared: true }]]);
  return { axes: [d, h, w], input, output: [d.length, h.length, w.length] };
}

/** The windows of a forward operator over the given spatial extents. */
export function windowsOver(
  extents: readonly number[],
  kernel: readonly number[],
  options: WindowOptions,
  strideDefault: number | readonly number[] = 1,
): Windows {
  const axes = resolveAxes(extents, kernel, options, strideDefault);
  const mode = options.paddingMode ?? 'zeros';
  const slid = axes.map((axis, a) => slidingWindows(extents[a], axis, mode, options.ceilMode ?? false));
  return joinAxes(slid, spread(extents, 1));
}
