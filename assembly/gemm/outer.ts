// A product whose first operand is stored transposed, as a sum of outer products: tile by tile of outer-tile.ts.
import {
  Outer, RUN_BYTES, STRIP_HEAD, outer1x8, outer2x8, outer3x8, outer4x8, outer4x16, outer5x8, outer6x8,
} from "./outer-tile";
import { LOW, WIDE, wideRest } from "./tile";

/** All columns for one row tile. */
function columns(mr: i32, o: Outer, n: i32): void {
  const b = o.b, c = o.c, paired = o.mr == WIDE && mr == LOW ? (n + 7) / 16 * 16 : 0;
  let j = 0;
  for (; j < paired; j += 16) {
    outer4x16(o, min(8, n - j - 8));
    o.b += 2 * o.bPanel;
    o.c += 64;
  }
  for (; j < n; j += 8) {
    o.columns = min(8, n - j);
    switch (mr) {
      case 6: outer6x8(o); break;
      case 5: outer5x8(o); break;
      case 4: outer4x8(o); break;
      case 3: outer3x8(o); break;
      case 2: outer2x8(o); break;
      default: outer1x8(o);
    }
    o.b += o.bPanel;
    o.c += 32;
  }
  o.b = b;
  o.c = c;
}

/** Copies the rows of one tile, eight floats a step, behind a run table of one run. */
function packStrip(o: Outer): void {
  const first = o.strip + STRIP_HEAD, a = o.a, aStep = o.aStep, runsEnd = o.runsEnd;
  let to = first, bytes: u32 = 0;
  for (let run = o.runs; run < runsEnd; run += RUN_BYTES) {
    let p = a + load<u32>(run);
    const steps = load<u32>(run, 8) / <u32>o.bStep;
    for (const end = to + <usize>steps * 32; to < end; to += 32) {
      v128.store(to, v128.load(p));
      v128.store(to, v128.load(p, 16), 16);
      p += aStep;
    }
    bytes += load<u32>(run, 8);
  }
  store<u32>(o.strip, 0);
  store<u32>(o.strip, 0, 4);
  store<u32>(o.strip, bytes, 8);
}

/**
 * Adds the `m` rows and `n` columns of the runs' product to C. Heights differ by at most one. The outer loop is over
 * rows, so that their strip of A stays in the L1 cache. With a strip, the runs have to be adjacent in B.
 */
export function outerProduct(o: Outer, m: i32, n: i32): void {
  const wide = o.mr == WIDE, rest = wideRest(m), tiles = (m + o.mr - 1) / o.mr, low = m / tiles, high = m - low * tiles;
  const a = o.a, c = o.c, runs = o.runs, runsEnd = o.runsEnd, aStep = o.aStep;
  for (let i = 0, done = 0, row = a; done < m; i++) {
    const mr = wide ? (m - done > rest ? LOW : rest) : i < high ? low + 1 : low;
    o.a = row;
    if (o.strip) {
      packStrip(o);
      o.a = o.strip + STRIP_HEAD;
      o.aStep = 32;
      o.runs = o.strip;
      o.runsEnd = o.strip + RUN_BYTES;
    }
    columns(mr, o, n);
    o.aStep = aStep;
    o.runs = runs;
    o.runsEnd = runsEnd;
    done += mr;
    row += <usize>mr * 4;
    o.c += <usize>mr * o.ldc;
  }
  o.a = a;
  o.c = c;
}
