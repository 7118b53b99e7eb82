import type { TensorArena } from 'stridewise';
import type { Call, Values } from '../calls/index.js';
import { type Float, nan } from '../calls/variants.js';

/** A handle of any `prepare…`. */
export interface Handle {
  run(...args: readonly unknown[]): unknown;
  dispose(): void;
}

export interface OpenHandle {
  readonly call: Call;
  readonly handle: Handle;
  readonly build: string;
  /** Its instance may lack memory for a run. */
  readonly starved: boolean;
}

/** An arena with what its tensors must hold. */
export class OpenArena {
  readonly arena: TensorArena;
  readonly #contents: { readonly tensor: Values; readonly copy: Float32Array }[] = [];

  constructor(arena: TensorArena) {
    this.arena = arena;
  }

  /** A tensor with the numbers of `t`. */
  from(t: Float): Values {
    const tensor = this.arena.from(t.data, t.shape);
    this.#contents.push({ tensor, copy: t.data });
    return tensor;
  }

  /** A tensor to be written: its content is nobody's business afterwards. */
  out(shape: readonly number[]): Values {
    const tensor = this.arena.tensor(shape);
    (tensor.data as Float32Array).set(nan(shape).data);
    return tensor;
  }

  /** Takes what `free` says is left but for less than `rest` bytes, in pieces that fit into holes. */
  hoard(free: () => number, rest: number): void {
    for (let left = free(); left > rest; left = free())
      this.arena.tensor([Math.max(1, Math.min(left - rest, left / 4) >> 2)]);
  }

  /** Throws when a tensor does not hold what it was made from. */
  check(): void {
    for (const { tensor, copy } of this.#contents) {
      const { data } = tensor;
      if (copy.some((value, i) => value !== data[i]))
        throw new Error('a tensor of an arena does not hold its numbers any more');
    }
  }

  reset(): readonly Values[] {
    this.arena.reset();
    return this.#contents.splice(0).map(({ tensor }) => tensor);
  }
}
