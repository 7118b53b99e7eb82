import type { ConvProblem } from '../../types.js';
import type { Address } from '../../wasm/arena.js';
import { keepBlock } from '../../wasm/block.js';
import type { Host } from '../../wasm/host.js';
import { recordBytes, strides, writeGeometry, writeRecord } from '../../wasm/records.js';

const round64 = (bytes: number) => Math.ceil(bytes / 64) * 64;

/** The windows of every position side by side, [n][position][tap][ic], and their adjoint. Taps stand in the order of the weights. */
export interface Columns {
  /** Bytes of the columns. */
  readonly bytes: number;
  /** Scratch of either way. */
  readonly scratchBytes: number;
  /** Images in the caller's layout to columns. */
  gather(x: Address, to: Address, scratch: Address): void;
  /** Columns added up where they came from: images in the caller's layout. `addend` is laid out as them, or 0. */
  scatter(columns: Address, to: Address, addend: Address, scratch: Address): void;
  dispose(): void;
}

/** Binds the columns of a problem with one group. */
export function prepareColumns(host: Host, p: ConvProblem): Columns {
  const { arena, exports } = host;
  const taps = p.kd * p.kh * p.kw;
  const positions = p.od * p.oh * p.ow;
  const [pd, ph, pw] = [p.pd + p.id + p.pdEnd, p.ph + p.ih + p.phEnd, p.pw + p.iw + p.pwEnd];
  const paddedBytes = round64(pd * ph * pw * p.ic * 4);
  const imageBytes = p.id * p.ih * p.iw * p.ic * 4;
  const columnBytes = taps * p.ic * 4;
  const at = keepBlock(arena, { geometry: recordBytes('geometry'), padded: recordBytes('geometry'), segments: taps * 4 });
  writeGeometry(host, at.geometry, p);
  // the same windows over the image as it is after padding
  const x = strides(true, p.ic, pd, ph, pw);
  const { n, od, oh, ow, kd, kh, kw, sd, sh, sw, dd, dh, dw } = p;
  writeRecord(host, 'geometry', at.padded, {
    ...{ n, ic: p.ic, oc: p.oc, groups: 1, id: pd, ih: ph, iw: pw, od, oh, ow, kd, kh, kw, sd, sh, sw, dd, dh, dw },
    ...{ flipKernel: p.flipKernel ? 1 : 0, xN: x.n, xC: x.c, xD: x.d, xH: x.h, xW: x.w },
  });
  const offsets = Array.from({ length: taps }, (_, tap) => {
    const [z, y, k] = [Math.floor(tap / (p.kh * p.kw)), Math.floor(tap / p.kw) % p.kh, tap % p.kw];
    return (z * p.dd * x.d + y * p.dh * x.h + k * p.dw * x.w) * 4;
  });
  arena.i32(at.segments, taps).set(p.flipKernel ? offsets.reverse() : offsets);
  const turns = !p.channelsLast && p.ic > 1;
  const cells = p.id * p.ih * p.iw;
  const foldedBytes = turns ? round64(p.n * imageBytes) : 0;
  return {
    bytes: p.n * positions * columnBytes,
    // one padded image and the table of its windows; or all padded images, and their channels-last gradients
    scratchBytes: Math.max(paddedBytes + positions * 8, p.n * pd * ph * pw * p.ic * 4 + 64 + foldedBytes),
    gather(x, to, scratch) {
      for (let i = 0; i < p.n; i++) {
        exports.padImage(at.geometry, x + i * imageBytes, scratch);
        const here = to + i * positions * columnBytes;
        exports.gatherColumns(at.geometry, scratch, at.segments, taps, p.ic, 0, positions, here, scratch + paddedBytes);
      }
    },
    scatter(columns, to, addend, scratch) {
      const all = p.n * pd * ph * pw * p.ic;
      arena.f32(scratch, all).fill(0);
      exports.scatterColumns(at.padded, columns, columnBytes, p.ic, scratch, 0, p.n * positions);
      if (!turns) {
        exports.foldImages(at.geometry, scratch, p.ic, to, addend, 0, p.n);
        return;
      }
      const last = scratch + round64(all * 4);
      const turn = (from: Address, into: Address, rows: number, cols: number) => {
        for (let i = 0; i < p.n; i++)
          exports.transpose(into + i * imageBytes, rows * 4, from + i * imageBytes, cols * 4, rows, cols);
      };
      if (addend) turn(addend, last, p.ic, cells);
      exports.foldImages(at.geometry, scratch, p.ic, last, addend && last, 0, p.n);
      turn(last, to, cells, p.ic);
    },
    dispose: () => arena.release(at.block),
  };
}
