import { OptionError } from '../errors.js';
import type { Further, Maps } from '../further.js';
import { finite } from '../shape/options.js';
import { show } from '../shape/show.js';
import { checkVector } from '../shape/tensor.js';
import type { Tensor } from '../types.js';
import type { Address } from '../wasm/arena.js';
import { type Job, oneStep, runAll, scratchBytes, stepsOf } from '../wasm/crew.js';
import type { Host } from '../wasm/host.js';
import { type Kind, kinds } from './activation.js';
import { ACTIVATE_SCRATCH, LEAKY, PRELU, PRELU_GRAD } from './boundary.js';
import { kernelsIn } from './kernels.js';

/** Names of the option that are not those of the functions. */
const names: Readonly<Record<string, keyof typeof kinds>> = { 'gelu-tanh': 'geluTanh' };

/** Floats of a part of a result that threads share: they stay in the L1 cache. */
const PART = 1 << 13;

/** A function of each number. `known`: options of the function of that name. */
function plain({ kind, saved, read }: Kind, known: Record<string, unknown> = {}): Further {
  const [p, q] = read?.(known) ?? [0, 0];
  const fromY = saved === 'y' || (kind === LEAKY && p >= 0);
  return {
    saved: fromY ? 'y' : 'preActivation',
    check() {},
    job(host, { n, c, cells }) {
      const { activate } = kernelsIn(host);
      const count = n * c * cells;
      return oneStep({
        ownBytes: ACTIVATE_SCRATCH,
        units: Math.ceil(count / PART),
        run([maps], begin, end, own) {
          const at = maps + begin * PART * 4;
          activate(kind, at, at, Math.min(count, end * PART) - begin * PART, p, q, own);
        },
      });
    },
    grad: (host, to, gradient, from, { n, c, cells }) =>
      kernelsIn(host).activateGrad(kind, to, gradient, from, n * c * cells, p, q),
  };
}

type Slopes = readonly [to: Address, from: Address, gradient: Address];

/** A function of maps and one number per channel, where the channels are last. */
function perChannel(host: Host, op: number, slopes: Float32Array, { n, c, cells }: Maps): Job<Slopes> {
  const { elementwise } = kernelsIn(host);
  const count = n * c * cells;
  // a part is whole pixels
  const floats = c * Math.max(1, Math.floor(PART / 4 / c));
  return {
    ownBytes: 0,
    sharedBytes: floats * 4,
    steps: [
      {
        units: 1,
        run(_operands, _begin, _end, _own, at) {
          const repeated = host.arena.f32(at, floats);
          for (let i = 0; i < floats; i += c) repeated.set(slopes, i);
        },
      },
      {
        units: Math.ceil(count / floats),
        run([to, from, gradient], begin, end, _own, at) {
          for (let i = begin * floats; i < Math.min(count, end * floats); i += floats) {
            const operands = [to + i * 4, from + i * 4, at, gradient + i * 4] as const;
            elementwise(op, ...operands, Math.min(floats, count - i), 1, 1, 0, 0);
          }
        },
      },
    ],
    dispose() {},
  };
}

/** `prelu` with one slope per channel. */
function prelu(slopes: Float32Array): Further {
  return {
    saved: slopes.every((slope) => slope >= 0) ? 'y' : 'preActivation',
    check(channels) {
      checkVector('activation.prelu', slopes, channels);
    },
    job(host, maps) {
      const { n, c, cells, channelsLast } = maps;
      if (channelsLast) {
        const job = perChannel(host, PRELU, slopes, maps);
        return { ...job, steps: stepsOf(job, ([at]: readonly [Address]): Slopes => [at, at, at]) };
      }
      const { activate } = kernelsIn(host);
      return oneStep({
        units: n * c,
        run([at], begin, end) {
          for (let i = begin; i < end; i++) {
            const plane = at + i * cells * 4;
            activate(LEAKY, plane, plane, cells, slopes[i % c], 0, 0);
          }
        },
      });
    },
    grad(host, to, gradient, from, maps) {
      const { n, c, cells, channelsLast } = maps;
      if (channelsLast) {
        const job = perChannel(host, PRELU_GRAD, slopes, maps);
        host.arena.scratch(scratchBytes(job), (at) => runAll(job, [to, from, gradient], at));
        return;
      }
      const { activateGrad } = kernelsIn(host);
      for (let i = 0; i < n * c; i++) {
        const plane = i * cells * 4;
        activateGrad(LEAKY, to + plane, gradient + plane, from + plane, cells, slopes[i % c], 0);
      }
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
