import type { WindowExtents } from '../types.js';
import type { Address } from '../wasm/arena.js';
import type { Host } from '../wasm/host.js';
import { recordBytes, writeRecord } from '../wasm/records.js';

/** Windows over `c` channels, with zeros around. */
export type Windows = WindowExtents & { readonly c: number };

const round64 = (bytes: number) => Math.ceil(bytes / 64) * 64;

/** Where things stand, in bytes: the geometry record of the scratch, then one image turned to channels first. */
function layout(p: Windows) {
  const cells = p.id * p.ih * p.iw;
  const tap = p.od * p.oh * p.ow * 4;
  const turned = round64(recordBytes('geometry'));
  const turns = p.channelsLast && p.c > 1 && cells > 1;
  return { cells, tap, plane: p.kd * p.kh * p.kw * tap, turns, turned, bytes: turned + (turns ? p.c * cells * 4 : 0) };
}

/** Scratch of `unfold` and `fold`, in bytes. */
export const unfoldScratchBytes = (p: Windows): number => layout(p).bytes;

const writeGeometry = (host: Host, p: Windows, scratch: Address) =>
  writeRecord(host, 'geometry', scratch, p as unknown as Record<string, number>);

/** Maps at `x`, in the caller's layout, into [n, c kernel, positions] at `columns`. */
export function unfold(host: Host, p: Windows, x: Address, columns: Address, scratch: Address): void {
  const { exports } = host;
  const { cells, tap, plane, turns, turned } = layout(p);
  writeGeometry(host, p, scratch);
  if (!turns) exports.im2colNchw(scratch, x, columns, plane, tap, 0, p.n * p.c);
  for (let n = 0; turns && n < p.n; n++) {
    exports.transpose(scratch + turned, cells * 4, x + n * p.c * cells * 4, p.c * 4, cells, p.c);
    exports.im2colNchw(scratch, scratch + turned, columns + n * p.c * plane, plane, tap, 0, p.c);
  }
}

/** The adjoint: every cell of the maps at `x`, which are overwritten, becomes the sum of the places it has in `columns`. */
export function fold(host: Host, p: Windows, columns: Address, x: Address, scratch: Address): void {
  const { arena, exports } = host;
  const { cells, tap, plane, turns, turned } = layout(p);
  writeGeometry(host, p, scratch);
  if (!turns) {
    arena.f32(x, p.n * p.c * cells).fill(0);
    exports.col2imNchw(scratch, columns, plane, tap, x, 0, p.n * p.c);
  }
  for (let n = 0; turns && n < p.n; n++) {
    arena.f32(scratch + turned, p.c * cells).fill(0);
    exports.col2imNchw(scratch, columns + n * p.c * plane, plane, tap, scratch + turned, 0, p.c);
    exports.transpose(x + n * p.c * cells * 4, p.c * 4, scratch + turned, cells * 4, p.c, cells);
  }
}
