import * as api from '../../src/index.js';
import type { Case } from '../support/cases.js';
import type { TestTensor } from '../support/data.js';

type Options = Readonly<Record<string, unknown>>;
type Layer = (x: TestTensor, weight: TestTensor, options: Options) => api.Tensor;
type Grad = (gradY: TestTensor, weight: TestTensor, xShape: readonly number[], options: Options) => api.Tensor;

/** The public functions by the rank of a case, with options as a case makes them. */
const ranked =
  <F>(functions: readonly unknown[]) =>
  ({ rank }: Case) =>
    functions[rank - 1] as F;

const convs = ranked<Layer>([api.conv1d, api.conv2d, api.conv3d]);
const transposes = ranked<Layer>([api.convTranspose1d, api.convTranspose2d, api.convTranspose3d]);
const grads = ranked<Grad>([api.conv1dInputGrad, api.conv2dInputGrad, api.conv3dInputGrad]);
const transposeGrads = ranked<Grad>([
  api.convTranspose1dInputGrad,
  api.convTranspose2dInputGrad,
  api.convTranspose3dInputGrad,
]);

export const conv = (given: Case, ...operands: Parameters<Layer>) => convs(given)(...operands);
export const convTranspose = (given: Case, ...operands: Parameters<Layer>) => transposes(given)(...operands);
export const convInputGrad = (given: Case, ...operands: Parameters<Grad>) => grads(given)(...operands);
export const convTransposeInputGrad = (given: Case, ...operands: Parameters<Grad>) =>
  transposeGrads(given)(...operands);
