import type { ConvRow } from '../algorithms/row.js';
import { type Choice, choose } from '../plan/choose.js';
import { biasOf } from '../shape/conv.js';
import { checkOptions } from '../shape/options.js';
import { checkOut, checkShape, checkShaped, checkTensor } from '../shape/tensor.js';
import type { ConvProblem, Layout, Rank, Tensor } from '../types.js';
import { type Host, host } from '../wasm/host.js';
import { fromView } from '../wasm/view.js';
import type { ConvOptions } from './conv.js';
import type { Direction } from './direction.js';
import { type Binding, PreparedConv, runOnce } from './prepared-conv.js';
import { Recall } from './recall.js';

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
  const job = fromView(on, weight.data, (values) => row.prepare(on, problem, values, own));
  const { x, y } = direction.shapes(problem);
  return { algorithm: row.name, refused, job, xShape: x, yShape: y };
}

/** One call of a convolution, or of its transpose. */
export function forward<R>(direction: Direction, rank: Rank, x: Tensor, weight: Tensor, options: Options = {}): R {
  const operator = direction.operator(rank);
  const input = checkTensor('x', x);
  const shapes = [input.shape, checkTensor('weight', weight).shape] as const;
  const planned = calls.recall(operator, shapes, options, () =>
    plan(direction, direction.problem(rank, ...shapes, options, operator)),
  );
  const yShape = direction.shapes(planned.problem).y;
  const bias = biasOf(options.bias, direction.result(planned.problem).c);
  const { add, out } = options;
  const inputs = [
    { operand: 'x', data: input.data },
    { operand: 'weight', data: weight.data },
  ];
  if (bias) inputs.push({ operand: 'bias', data: bias });
  if (add !== undefined) inputs.push({ operand: 'add', data: checkShaped('add', add, yShape).data });
  if (out !== undefined) checkOut(out, yShape, inputs);
  const on = host();
  return runOnce(on, bind(on, direction, planned, weight, bias), x, out, add) as R;
}

/** The same, bound to weights and an input shape. */
export function prepareForward(
  direction: Direction,
  rank: Rank,
  weight: Tensor,
  options: unknown,
  xShape: readonly number[],
): PreparedConv {
  const name = direction.operator(rank);
  const operator = `prepare${name[0].toUpperCase()}${name.slice(1)}`;
  // `add` and `out` belong to `run`
  const known = direction.options.filter((option) => option !== 'add' && option !== 'out');
  const { bias } = checkOptions(operator, options, known);
  checkShape('xShape', xShape);
  const { shape } = checkTensor('weight', weight);
  const problem = { ...direction.problem(rank, xShape, shape, options, operator), prepared: true };
  const own = biasOf(bias, direction.result(problem).c);
  const on = host();
  return new PreparedConv(on, operator, bind(on, direction, plan(direction, problem), weight, own));
}
