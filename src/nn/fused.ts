import { OptionError } from '../errors.js';
import type { Further, Maps } from '../further.js';
import { finite } from '../shape/options.js';
import { show } from '../shape/show.js';
import { checkVector } from '../shape/tensor.js';
import type { Tensor } from '../types.js';
import type { Address } from '../wasm/arena.js';
import { type Job, oneStep, runAll, scratchBytes, stepsOf } from '../wasm/crew.js';
import type { Host } from '../wasm/host.js';
import { type Kind, kinds } from './activation-kinds.js';
import { ACTIVATE_SCRATCH, LEAKY, PRELU, PRELU_GRAD } from './boundary.js';
import { kernelsIn } from './kernels.js';

/** Names of the option that are not those of the functions. */
const names: Readonly<Record<string, keyof typeof kinds>> = { 'gelu-tanh': 'geluTanh' };

/** Floats of a part of maps that threads share: they stay in the L1 cache. */
const PART = 1 << 13;

/** Operands of an activation or, with a gradient, of its derivative; `to` may be either of the others. */
type Operands = readonly [to: Address, from: Address, gradient: Address];

/** What activates maps, or with `isGrad` makes their gradient. */
type Work = (host: Host, maps: Maps, isGrad: boolean) => Job<Operands>;

const further = (saved: Further['saved'], check: Further['check'], work: Work): Further => ({
  saved,
  check,
  job(host, maps) {
    const job = work(host, maps, false);
    return { ...job, steps: stepsOf(job, ([at]: readonly [Address]): Operands => [at, at, at]) };
  },
  grad(host, to, gradient, from, maps) {
    const job = work(host, maps, true);
    host.arena.scratch(scratchBytes(job), (at) => runAll(job, [to, from, gradient], at));
  },
});

/** A kind whose first number may differ from one run of `size` of all `count` floats to the next. */
function inRuns(
  host: Host,
  isGrad: boolean,
  kind: number,
  count: number,
  size: number,
  p: (i: number) => number,
  q: number,
): Job<Operands> {
  const { activate, activateGrad } = kernelsIn(host);
  return oneStep({
    ownBytes: ACTIVATE_SCRATCH,
    units: Math.ceil(count / size),
    run([to, from, gradient], begin, end, own) {
      for (let i = begin; i < end; i++) {
        const at = i * size * 4;
        const floats = Math.min(size, count - i * size);
        if (isGrad) activateGrad(kind, to + at, gradient + at, from + at, floats, p(i), q);
        else activate(kind, to + at, from + at, floats, p(i), q, own);
      }
    },
  });
}

/** A function of each number. `known`: options of the function of that name. */
function plain({ kind, saved, read }: Kind, known: Record<string, unknown> = {}): Further {
  const [p, q] = read?.(known) ?? [0, 0];
  const fromY = saved === 'y' || (kind === LEAKY && p >= 0);
  return further(
    fromY ? 'y' : 'preActivation',
    () => {},
    (host, { n, c, cells }, isGrad) => inRuns(host, isGrad, kind, n * c * cells, PART, () => p, q),
  );
}

/** Maps whose channels are last, by a slope for each. */
function channelsLast(host: Host, isGrad: boolean, slopes: Float32Array, count: number): Job<Operands> {
  const { elementwise } = kernelsIn(host);
  const c = slopes.length;
  // whole pixels
  const size = c * Math.ceil(PART / 4 / c);
  return {
    ownBytes: 0,
    sharedBytes: size * 4,
    steps: [
      {
        units: 1,
        run(_operands, _begin, _end, _own, repeated) {
          for (let i = 0; i < size; i += c) host.arena.f32(repeated, size).set(slopes, i);
        },
      },
      {
        units: Math.ceil(count / size),
        run([to, from, gradient], begin, end, _own, repeated) {
          for (let i = begin * size; i < end * size && i < count; i += size) {
            const [at, floats] = [i * 4, Math.min(size, count - i)];
            const op = isGrad ? PRELU_GRAD : PRELU;
            elementwise(op, to + at, from + at, repeated, gradient + at, floats, 1, 1, 0, 0, 0, 0);
          }
        },
      },
    ],
    dispose() {},
  };
}

/** `prelu` with one slope per channel. */
const prelu = (slopes: Float32Array): Further =>
  further(
    slopes.every((slope) => slope >= 0) ? 'y' : 'preActivation',
    (channels) => void checkVector('activation.prelu', slopes, channels),
    (host, { n, c, cells, channelsLast: last }, isGrad) =>
      last
        ? channelsLast(host, isGrad, slopes, n * c * cells)
        : inRuns(host, isGrad, LEAKY, n * c * cells, cells, (i) => slopes[i % c], 0),
  );

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
