import type { EpilogueOptions } from './epilogue.js';
import { type GemmOptions, gemm, gemmBackward } from './gemm.js';
import { type Operand, type Result, volume } from './tensor.js';

/** Leading axes of x as the rows of one matrix. */
const asRows = (operand: Operand): Operand => {
  const columns = operand.shape[operand.shape.length - 1];
  return { ...operand, shape: [volume(operand.shape.slice(0, -1)), columns] };
};

const reshaped = (result: Result, shape: readonly number[]): Result => ({ ...result, shape: [...shape] });

export type LinearOptions = Omit<EpilogueOptions, 'add'>;

const rowOptions = (options: LinearOptions): GemmOptions => ({
  ...options,
  y: options.y && asRows(options.y),
  transposeB: true,
});

/** y = activation(x weight^T + bias): x [..., in], weight [out, in], bias [out], y [..., out]. */
export function linear(x: Operand, weight: Operand, options: LinearOptions = {}): Result {
  return reshaped(gemm(asRows(x), weight, rowOptions(options)), [...x.shape.slice(0, -1), weight.shape[0]]);
}

export interface LinearGrads {
  readonly gradX: Result;
  readonly gradWeight: Result;
  readonly gradBias: Result;
}

export function linearBackward(gradY: Operand, x: Operand, weight: Operand, options: LinearOptions = {}): LinearGrads {
  const { gradA, gradB, gradBias } = gemmBackward(asRows(gradY), asRows(x), weight, rowOptions(options));
  return { gradX: reshaped(gradA, x.shape), gradWeight: gradB, gradBias };
}
