import { jobOf as jobWith, type Plan } from '../nn/run.js';
import type { Job } from '../wasm/crew.js';
import type { Surroundings } from './kernel.js';
import type { TensorInfo } from './tf.js';

/** A plan, and the shape of its result. */
export interface Planned extends Plan {
  readonly shape: readonly number[];
}

/** Where the kernels of plans are. */
interface Kernels extends Pick<Surroundings, 'nn'> {
  readonly place: Pick<Surroundings['place'], 'on'>;
}

/** A plan as a job of one operand or several, and a result. */
export const jobOf = ({ nn, place }: Kernels, plan: Plan): Job => jobWith(nn, place.on.arena, plan);

/** Runs a plan on tensors. */
export const runPlan = (around: Surroundings, plan: Planned, inputs: readonly TensorInfo[]): TensorInfo =>
  around.place.run(jobOf(around, plan), inputs, plan.shape);

/** Most plans that are kept. */
const MOST = 512;

type Node = Map<number, Node> & { made?: { readonly value: unknown } };

/** What was made for numbers: shapes, axes, whatever settles a plan. A path through maps costs less than a string. */
export class Plans<Made> {
  #root: Node = new Map();
  #count = 0;

  /** What was made for these numbers, or what `make` makes; undefined where it makes nothing. */
  recall(numbers: readonly number[], make: () => Made | undefined): Made | undefined {
    let node = this.#root;
    for (let i = 0; i < numbers.length; i++) {
      let next = node.get(numbers[i]);
      if (!next) node.set(numbers[i], (next = new Map()));
      node = next;
    }
    if (node.made) return node.made.value as Made | undefined;
    const value = make();
    node.made = { value };
    if (++this.#count > MOST) {
      this.#root = new Map();
      this.#count = 0;
    }
    return value;
  }
}
