import type { WindowExtents } from '../types.js';
import type { Address } from '../wasm/arena.js';
import { layOut } from '../wasm/block.js';
import { GEOMETRY, GEOMETRY_BYTES } from '../wasm/boundary.js';
import { type Job, oneStep } from '../wasm/crew.js';
import type { Host } from '../wasm/host.js';
import { fill, writeRecord } from '../wasm/records.js';

/** Windows over `c` channels, with zeros around. */
export type Windows = WindowExtents & { readonly c: number };

/**
 * Bytes of the rows of a tap and of a channel; and the scratch of one who runs units: a record and, for channels last,
 * an image turned to channels first.
 */
function layout(p: Windows) {
  const cells = p.id * p.ih * p.iw;
  const tap = p.od * p.oh * p.ow * 4;
  const turns = p.channelsLast && p.c > 1 && cells > 1;
  const { offsets, bytes } = layOut({ geometry: GEOMETRY_BYTES, turned: turns ? p.c * cells * 4 : 0 });
  // a unit is an image, or a plane
  const [units, planes] = turns ? [p.n, p.c] : [p.n * p.c, 1];
  return { cells, tap, plane: p.kd * p.kh * p.kw * tap, turns, offsets, bytes, units, planes };
}

const writeGeometry = (host: Host, p: Windows, at: Address) =>
  writeRecord(host, GEOMETRY, at, p as unknown as Record<string, number>);

/** Maps, in the caller's layout, into columns [n, c kernel, positions]. */
export function im2col(host: Host, p: Windows): Job<readonly [x: Address, columns: Address]> {
  const { exports } = host;
  const { cells, tap, plane, turns, offsets, bytes, units, planes } = layout(p);
  return oneStep({
    ownBytes: bytes,
    units,
    run([x, columns], begin, end, own) {
      writeGeometry(host, p, own);
      if (!turns) return exports.im2colNchw(own, x, columns, plane, tap, begin, end);
      const turned = own + offsets.turned;
      for (let n = begin; n < end; n++) {
        exports.transpose(turned, cells * 4, x + n * planes * cells * 4, planes * 4, cells, planes);
        exports.im2colNchw(own, turned, columns + n * planes * plane, plane, tap, 0, planes);
      }
    },
  });
}

/** The adjoint: every cell of the maps becomes the sum of the places it has in the columns. */
export function col2im(host: Host, p: Windows): Job<readonly [columns: Address, x: Address]> {
  const { exports } = host;
  const { cells, tap, plane, turns, offsets, bytes, units, planes } = layout(p);
  return oneStep({
    ownBytes: bytes,
    units,
    run([columns, x], begin, end, own) {
      writeGeometry(host, p, own);
      if (!turns) {
        fill(host, x + begin * cells * 4, (end - begin) * cells, 0);
        return exports.col2imNchw(own, columns, plane, tap, x, begin, end);
      }
      const turned = own + offsets.turned;
      for (let n = begin; n < end; n++) {
        fill(host, turned, planes * cells, 0);
        exports.col2imNchw(own, columns + n * planes * plane, plane, tap, turned, 0, planes);
        exports.transpose(x + n * planes * cells * 4, planes * 4, turned, cells * 4, planes, cells);
      }
    },
  });
}
