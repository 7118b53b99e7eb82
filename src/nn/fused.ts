import { OptionError } from '../errors.js';
import type { Further, Maps } from '../further.js';
import { finite } from '../shape/options.js';
import { show } from '../shape/show.js';
import { checkVector } from '../shape/tensor.js';
import type { Tensor } from '../types.js';
import type { Address } from '../wasm/arena.js';
import type { Host } from '../wasm/host.js';
import { type Kind, kinds } from './activation.js';
import { BROADCAST_BYTES, LEAKY, PRELU, PRELU_GRAD } from './boundary.js';
import { kernelsIn } from './kernels.js';

/** Names of the option that are not those of the functions. */
const names: Readonly<Record<string, keyof typeof kinds>> = { 'gelu-tanh': 'geluTanh' };

/** A function of each number. `known`: options of the function of that name. */
function plain({ kind, saved, read }: Kind, known: Record<string, unknown> = {}): Further {
  const [p, q] = read?.(known) ?? [0, 0];
  const fromY = saved === 'y' || (kind === LEAKY && p >= 0);
  return {
    saved: fromY ? 'y' : 'preActivation',
    check() {},
    apply: (host, at, { n, c, cells }) => kernelsIn(host).activate(kind, at, at, n * c * cells, p, q),
    grad: (host, to, gradient, from, { n, c, cells }) =>
      kernelsIn(host).activateGrad(kind, to, gradient, from, n * c * cells, p, q),
  };
}

/** Runs a function of maps and one number per channel, where the channels are last. */
function perChannel(
  host: Host,
  op: number,
  slopes: Float32Array,
  { n, c, cells }: Maps,
  [to, from, gradient]: readonly [to: Address, from: Address, gradient: Address],
): void {
  const { arena } = host;
  arena.scratch(c * 4 + BROADCAST_BYTES, (at) => {
    const axes = at + c * 4;
    arena.f32(at, c).set(slopes);
    // rows of all channels, each by the same slopes
    arena.i32(axes, 4).set([n * cells, c * 4, 0, c * 4]);
    kernelsIn(host).elementwise(op, to, from, at, gradient, c, 1, 1, axes, axes + BROADCAST_BYTES);
  });
}

/** `prelu` with one slope per channel. */
function prelu(slopes: Float32Array): Further {
  /** Runs a function of each plane and its slope. */
  const planes = ({ n, c, cells }: Maps, run: (offset: number, cells: number, slope: number) => void) => {
    for (let i = 0; i < n * c; i++) run(i * cells * 4, cells, slopes[i % c]);
  };
  return {
    saved: slopes.every((slope) => slope >= 0) ? 'y' : 'preActivation',
    check(channels) {
      checkVector('activation.prelu', slopes, channels);
    },
    apply(host, at, maps) {
      if (maps.channelsLast) return perChannel(host, PRELU, slopes, maps, [at, at, at]);
      const { activate } = kernelsIn(host);
      planes(maps, (offset, cells, slope) => activate(LEAKY, at + offset, at + offset, cells, slope, 0));
    },
    grad(host, to, gradient, from, maps) {
      if (maps.channelsLast) return perChannel(host, PRELU_GRAD, slopes, maps, [to, from, gradient]);
      const { activateGrad } = kernelsIn(host);
      planes(maps, (offset, cells, slope) =>
        activateGrad(LEAKY, to + offset, gradient + offset, from + offset, cells, slope, 0),
      );
    },
  };
}

/** One slope, or a copy of several. */
function slopesOf(value: unknown): number | Float32Array {
  if (typeof value === 'number') return finite('activation.prelu', value, 0);
  const { data } = (value ?? {}) as Partial<Tensor>;
  const { length } = (data ?? value ?? []) as ArrayLike<number>;
  const slopes = checkVector('activation.prelu', value, length).slice();
  return slopes.length === 1 ? slopes[0] : slopes;
}

/** What the option `activation` says. @throws OptionError */
export function furtherActivation(value: unknown): Further {
  if (typeof value === 'string') {
    if (value === 'prelu') throw new OptionError('activation "prelu" needs its slopes: { prelu: slopes }');
    return plain(kinds[names[value] ?? (value as keyof typeof kinds)]);
  }
  const { leakyRelu, prelu: slopes } = value as Record<string, unknown>;
  if (leakyRelu !== undefined) return plain(kinds.leakyRelu, { slope: finite('activation.leakyRelu', leakyRelu, 0) });
  if (slopes === undefined)
    throw new OptionError(`activation is ${show(value)}, expected a name, { leakyRelu: slope } or { prelu: slopes }`);
  const given = slopesOf(slopes);
  return typeof given === 'number' ? plain(kinds.leakyRelu, { slope: given }) : prelu(given);
}
