import type { ConvProblem } from '../../types.js';
import type { Address } from '../../wasm/arena.js';
import type { Host } from '../../wasm/host.js';
import { TABLE_BYTES } from '../frame.js';
import { preparePanels } from '../panels.js';
import { prepareColumns } from './columns.js';
import { weightsFirst, weightsLast } from './weights.js';

const round64 = (bytes: number) => Math.ceil(bytes / 64) * 64;

/** Positions as groups: one pixel whose channels are those of all positions, `ic` and `oc` of each. */
function positionsAsGroups(p: ConvProblem, ic: number, oc: number, clamp: readonly [number, number]): ConvProblem {
  const groups = p.od * p.oh * p.ow;
  const one = { id: 1, ih: 1, iw: 1, kd: 1, kh: 1, kw: 1, od: 1, oh: 1, ow: 1, sd: 1, sh: 1, sw: 1, dd: 1, dh: 1, dw: 1 };
  const none = { pd: 0, ph: 0, pw: 0, pdEnd: 0, phEnd: 0, pwEnd: 0, paddingMode: 'zeros', flipKernel: false } as const;
  return { ...p, ...one, ...none, channelsLast: true, groups, ic: groups * ic, oc: groups * oc, clamp };
}

/** The three computations of a locally connected layer, on operands in linear memory in the caller's layout. */
export interface LocalLayer {
  readonly scratchBytes: number;
  run(...operands: readonly Address[]): void;
  dispose(): void;
}

/** Every window as a row of columns, and the weights of a position as a group of their own: one indirect product serves all positions. */
function layer(
  host: Host,
  p: ConvProblem,
  weight: Float32Array,
  bias: Float32Array | undefined,
  forward: boolean,
): { scratchBytes: number; product(from: Address, to: Address, table: Address): void; dispose(): void } {
  const depth = p.kd * p.kh * p.kw * p.ic;
  const none = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;
  const q = forward ? positionsAsGroups(p, depth, p.oc, p.clamp) : positionsAsGroups(p, p.oc, depth, none);
  const repeated = bias && new Float32Array(q.oc);
  if (bias && repeated) for (let i = 0; i < q.groups; i++) repeated.set(bias, i * p.oc);
  const order = forward ? { k: p.oc, n: 1 } : { k: 1, n: p.oc };
  const panels = preparePanels(host, q, weightsLast(p, weight), repeated, {
    order: { group: depth * p.oc, taps: [0], ...order },
  });
  return {
    scratchBytes: TABLE_BYTES,
    product: (from, to, table) =>
      host.exports.convIndirect(panels.geometry, panels.product, panels.groupPanelBytes, from, to, 0, 0, p.n, table),
    dispose: panels.dispose,
  };
}

/** Between [n][position][oc] and [n][oc][position]. */
function turnMaps(host: Host, p: ConvProblem, from: Address, to: Address, toFirst: boolean): void {
  const positions = p.od * p.oh * p.ow;
  const [rows, cols] = toFirst ? [positions, p.oc] : [p.oc, positions];
  for (let i = 0; i < p.n; i++) {
    const offset = i * positions * p.oc * 4;
    host.exports.transpose(to + offset, rows * 4, from + offset, cols * 4, rows, cols);
  }
}

const mapBytes = (p: ConvProblem) => round64(p.n * p.od * p.oh * p.ow * p.oc * 4);

/** y = clamp(x by the weights of each position + bias): `run(x, y, scratch)`. */
export function locallyForward(host: Host, p: ConvProblem, weight: Float32Array, bias: Float32Array | undefined): LocalLayer {
  const columns = prepareColumns(host, p);
  try {
    const { product, ...inner } = layer(host, p, weight, bias, true);
    const gathered = round64(columns.bytes);
    const turned = p.channelsLast ? 0 : mapBytes(p);
    return {
      scratchBytes: gathered + turned + Math.max(columns.scratchBytes, inner.scratchBytes),
      run(x, y, scratch) {
        const last = p.channelsLast ? y : scratch + gathered;
        const rest = scratch + gathered + turned;
        columns.gather(x, scratch, rest);
        product(scratch, last, rest);
        if (last !== y) turnMaps(host, p, last, y, true);
      },
      dispose() {
        columns.dispose();
        inner.dispose();
      },
    };
  } catch (error) {
    columns.dispose();
    throw error;
  }
}

/** gradX, or gradX += it with an addend: `run(gradY, gradX, addend, scratch)`. */
export function locallyInputGrad(host: Host, p: ConvProblem, weight: Float32Array): LocalLayer {
  const columns = prepareColumns(host, p);
  try {
    const { product, ...inner } = layer(host, p, weight, undefined, false);
    const gathered = round64(columns.bytes);
    const turned = p.channelsLast ? 0 : mapBytes(p);
    return {
      scratchBytes: gathered + turned + Math.max(columns.scratchBytes, inner.scratchBytes),
      run(gradY, gradX, addend, scratch) {
        const last = p.channelsLast ? gradY : scratch + gathered;
        const rest = scratch + gathered + turned;
        if (last !== gradY) turnMaps(host, p, gradY, last, false);
        product(last, scratch, rest);
        columns.scatter(scratch, gradX, addend, rest);
      },
      dispose() {
        columns.dispose();
        inner.dispose();
      },
    };
  } catch (error) {
    columns.dispose();
    throw error;
  }
}

/** gradWeight, or gradWeight += it where the last operand is not 0: `run(x, gradY, gradWeight, accumulate, scratch)`. */
export function locallyWeightGrad(host: Host, p: ConvProblem): LocalLayer {
  const { arena, exports } = host;
  const columns = prepareColumns(host, p);
  const positions = p.od * p.oh * p.ow;
  const depth = p.kd * p.kh * p.kw * p.ic;
  const gathered = round64(columns.bytes);
  const size = positions * depth * p.oc;
  const turned = p.channelsLast ? 0 : mapBytes(p);
  const weightBytes = p.channelsLast ? 0 : round64(size * 4);
  return {
    scratchBytes: gathered + turned + weightBytes + columns.scratchBytes,
    run(x, gradY, gradWeight, accumulate, scratch) {
      const lastY = p.channelsLast ? gradY : scratch + gathered;
      const lastWeight = p.channelsLast ? gradWeight : scratch + gathered + turned;
      columns.gather(x, scratch, scratch + gathered + turned + weightBytes);
      if (!p.channelsLast) turnMaps(host, p, gradY, lastY, false);
      const adds = p.channelsLast && accumulate !== 0;
      exports.locallyWeightGrad(scratch, lastY, lastWeight, p.n, positions, depth, p.oc, adds, 0, positions);
      if (!p.channelsLast) weightsFirst(p, arena.f32(lastWeight, size), arena.f32(gradWeight, size), accumulate !== 0);
    },
    dispose: columns.dispose,
  };
}
