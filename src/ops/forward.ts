import { activated } from '../algorithms/activated.js';
import type { ConvRow } from '../algorithms/row.js';
import { type Choice, choose } from '../plan/choose.js';
import { biasOf } from '../shape/conv.js';
import { checkOptions } from '../shape/options.js';
import { checkShape, checkShaped, checkTensor } from '../shape/tensor.js';
import type { ConvProblem, Layout, Rank, Tensor } from '../types.js';
import { type Host, host } from '../wasm/host.js';
import { fromView } from '../wasm/view.js';
import type { ConvOptions } from './conv.js';
import type { Direction } from './direction.js';
import { type Bind, type Binding, PreparedConv, runOnce } from './prepared-conv.js';
import { Recall } from './recall.js';
import { outOf } from './result.js';

/** A problem and the row that serves it. */
interface Plan extends Choice<ConvRow> {
  readonly problem: ConvProblem;
}

const calls = new Recall<Plan>();

/** Options of both directions. */
type Options = Omit<ConvOptions<Layout>, 'paddingMode' | 'weightLayout'>;

const plan = ({ table }: Direction, problem: ConvProblem): Plan => ({ problem, ...choose(table, problem) });

/** Packs the weights. */
function bind(
  on: Host,
  direction: Direction,
  { problem, row, refused }: Plan,
  weight: Tensor,
  bias?: Float32Array,
): Binding {
  // a copy, because growing memory detaches the view of a bias that stands in it
  const own = bias?.slice();
  const maps = { ...problem, ...direction.result(problem) };
  const job = activated(on, problem.clamp, maps, () =>
    fromView(on, weight.data, (values) => row.prepare(on, problem, values, own)),
  );
  const { x, y } = direction.shapes(problem);
  const batched = x.length > problem.rank + 1;
  return { algorithm: row.name, refused, job, xShape: x, yShape: y, batched, problem };
}

/** One call of a convolution, or of its transpose. */
export function forward<R>(direction: Direction, rank: Rank, x: Tensor, weight: Tensor, options: Options = {}): R {
  const operator = direction.operator(rank);
  const shapes = [checkTensor('x', x).shape, checkTensor('weight', weight).shape] as const;
  const planned = calls.recall(operator, shapes, options, () =>
    plan(direction, direction.problem(rank, ...shapes, options, operator)),
  );
  const yShape = direction.shapes(planned.problem).y;
  const bias = biasOf(options.bias, direction.result(planned.problem).c);
  const { add, out } = options;
  if (add !== undefined) checkShaped('add', add, yShape);
  outOf(out, yShape, { x, weight, bias: bias && { data: bias }, add });
  const on = host();
  return runOnce(on, bind(on, direction, planned, weight, bias), x, out, add) as R;
}

/** The same, bound to weights and an input shape. */
export function prepareForward<Layer extends PreparedConv = PreparedConv>(
  direction: Direction,
  rank: Rank,
  weight: Tensor,
  options: unknown,
  xShape: readonly number[],
  layer: typeof PreparedConv = PreparedConv,
): Layer {
  const name = direction.operator(rank);
  const operator = `prepare${name[0].toUpperCase()}${name.slice(1)}`;
  // `add` and `out` belong to `run`
  const known = direction.options.filter((option) => option !== 'add' && option !== 'out');
  const { bias } = checkOptions(operator, options, known);
  checkShape('xShape', xShape);
  const { data, shape } = checkTensor('weight', weight);
  const problemOf = (x: readonly number[], more?: object) => ({
    ...direction.problem(rank, x, shape, { ...(options as object), ...more }, operator),
    prepared: true,
  });
  const biases = biasOf(bias, direction.result(problemOf(xShape)).c)?.slice();
  const own = { data: data.slice(), shape };
  const on = host();
  const over: Bind = (x, more) => bind(on, direction, plan(direction, problemOf(x, more)), own, biases);
  return new layer(on, operator, over, xShape) as Layer;
}
