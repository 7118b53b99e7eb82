// y[i, j, ...] = x[I(i), J(j), ...]: every axis has a map from its indices to places in x, given in bytes, or to
// nothing. That is padding of every kind, cropping, concatenation, nearest neighbours and repetition.
import { copyRun, fillRun } from "./lanes";

/** What a map says where there is nothing in x. */
export const NOWHERE: i32 = -1;

/** An axis around the innermost one. */
@unmanaged
export class Mapped {
  count: i32;
  /** Places [count]. */
  map: usize;
  /** Floats of the result for one index. */
  floats: i32;
}

/** The innermost axis: `lead` places, `run` floats that follow each other from the next place on, `tail` places. */
@unmanaged
export class MappedRun {
  map: usize;
  lead: i32; run: i32; tail: i32;
  /** Where there is nothing. */
  value: f32;
}

@inline
function gatherSome(to: usize, from: usize, map: usize, count: i32, value: f32): usize {
  for (const end = to + <usize>count * 4; to < end; to += 4, map += 4) {
    const at = load<i32>(map);
    store<f32>(to, at == NOWHERE ? value : load<f32>(from + <usize>at));
  }
  return to;
}

/** Indices [begin, end) of the first axis, all of the others. The result is without gaps; returns its end. */
export function gather(
  to: usize, from: usize, run: MappedRun, axes: usize, axesEnd: usize, begin: i32, end: i32,
): usize {
  if (axes == axesEnd) {
    let map = run.map;
    to = gatherSome(to, from, map, run.lead, run.value);
    map += <usize>run.lead * 4;
    if (run.run) {
      copyRun(to, from + <usize>load<i32>(map), run.run);
      to += <usize>run.run * 4;
      map += <usize>run.run * 4;
    }
    return gatherSome(to, from, map, run.tail, run.value);
  }
  const axis = changetype<Mapped>(axes), inner = axes + offsetof<Mapped>();
  const next = inner == axesEnd ? 0 : changetype<Mapped>(inner).count;
  for (; begin < end; begin++) {
    const at = load<i32>(axis.map + (<usize>begin << 2));
    if (at == NOWHERE) {
      fillRun(to, axis.floats, run.value);
      to += <usize>axis.floats * 4;
    } else to = gather(to, from + <usize>at, run, inner, axesEnd, 0, next);
  }
  return to;
}

@inline
function scatterSome(to: usize, from: usize, map: usize, count: i32): usize {
  for (const end = from + <usize>count * 4; from < end; from += 4, map += 4) {
    const at = load<i32>(map);
    if (at != NOWHERE) store<f32>(to + <usize>at, load<f32>(to + <usize>at) + load<f32>(from));
  }
  return from;
}

function addRun(to: usize, from: usize, count: i32): void {
  for (; count >= 4; count -= 4, to += 16, from += 16) v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
  for (; count > 0; count--, to += 4, from += 4) store<f32>(to, load<f32>(to) + load<f32>(from));
}

/** The adjoint of `gather`: adds what stands at `from`, without gaps, to the places it would be gathered from. */
export function scatterAdd(to: usize, from: usize, run: MappedRun, axes: usize, axesEnd: usize): usize {
  if (axes == axesEnd) {
    let map = run.map;
    from = scatterSome(to, from, map, run.lead);
    map += <usize>run.lead * 4;
    if (run.run) {
      addRun(to + <usize>load<i32>(map), from, run.run);
      from += <usize>run.run * 4;
      map += <usize>run.run * 4;
    }
    return scatterSome(to, from, map, run.tail);
  }
  const axis = changetype<Mapped>(axes), inner = axes + offsetof<Mapped>();
  for (let map = axis.map, end = map + <usize>axis.count * 4; map < end; map += 4) {
    const at = load<i32>(map);
    if (at == NOWHERE) from += <usize>axis.floats * 4;
    else from = scatterAdd(to + <usize>at, from, run, inner, axesEnd);
  }
  return from;
}
