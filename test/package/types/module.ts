import {
  type AdaptiveAvgPoolOptions,
  type AvgPoolOptions,
  adaptiveAvgPool2d,
  arena,
  avgPool2d,
  type ConvBackwardOptions,
  type ConvInputGradOptions,
  type ConvOptions,
  type ConvTransposeOptions,
  conv1d,
  conv2d,
  conv2dBackward,
  conv2dInputGrad,
  conv3d,
  convTranspose2d,
  gemm,
  gemmBackward,
  globalAvgPool,
  type InitOptions,
  init,
  type Layout3d,
  type LocallyConnectedOptions,
  type LpPoolOptions,
  linear,
  locallyConnected2d,
  lpPool2d,
  type MaxPoolOptions,
  type MaxUnpoolOptions,
  maxPool2d,
  maxUnpool2d,
  prepareConv2d,
  prepareConv2dBackward,
  type SeparableConvOptions,
  separableConv2d,
  separableConv2dBackward,
  type Tensor,
  tensor,
} from 'stridewise';
import { convOutputSize } from 'stridewise/arithmetic';
import { fromImageData, npy, safetensors, toImageData } from 'stridewise/data';
import { convMatrix, multiply } from 'stridewise/matrix';
import { add, crossEntropy } from 'stridewise/nn';
import relaxed from 'stridewise/relaxed.wasm';
import * as url from 'stridewise/url';

const x: Tensor = tensor([1, 2, 3, 4], [1, 1, 2, 2]);
const y: Tensor = conv2d(x, x, { padding: 1, activation: 'relu' });
const { output, indices } = maxPool2d(y, { kernelSize: 2, returnIndices: true });
const layer = prepareConv2d(x, { stride: [1, 1] }, [1, 1, 2, 2]);
layer.run(x, { data: new Float32Array(1), shape: [1, 1, 1, 1] });
layer.dispose();
layer[Symbol.dispose]();
const options: InitOptions = { module: relaxed };
export const started = [init(options), url.init({ simd: 'strict' })];
export const numbers: Float32Array[] = [
  output.data,
  arena().tensor([2]).data,
  multiply(convMatrix(x, [1, 2, 2]), x.data),
];
export const places: Int32Array = indices.data;
export const size: number = convOutputSize(2, { kernelSize: 2 });

// a property that is undefined is one that is not there, and a flag may be decided later
const unset = { stride: undefined, bias: undefined, activation: undefined, out: undefined };
export const plain: Tensor = conv2d(x, x, unset);
export const either = (returnIndices: boolean) => maxPool2d(y, { kernelSize: 2, returnIndices });

const classes = { data: new Int32Array(1), shape: [1] };
export const loss: Float32Array = crossEntropy(add(x, y), classes, { wanted: { x: true } }).loss.data;

// @ts-expect-error: no option of that name
conv2d(x, x, { strides: 2 });

// options in a variable, without type arguments
declare const conv: ConvOptions;
declare const transposed: ConvTransposeOptions;
declare const inputGrad: ConvInputGradOptions;
declare const backward: ConvBackwardOptions;
declare const separable: SeparableConvOptions;
declare const locally: LocallyConnectedOptions;
declare const maxima: MaxPoolOptions;
declare const averages: AvgPoolOptions;
declare const norms: LpPoolOptions;
declare const adaptive: AdaptiveAvgPoolOptions;
declare const unpool: MaxUnpoolOptions;
declare const volume: ConvOptions<Layout3d>;
export const fit: Tensor[] = [
  conv2d(x, x, conv),
  convTranspose2d(x, x, transposed),
  conv2dInputGrad(x, x, [1, 1, 2, 2], inputGrad),
  separableConv2d(x, x, x, separable),
  locallyConnected2d(x, x, locally),
  maxPool2d(x, maxima),
  avgPool2d(x, averages),
  lpPool2d(x, norms),
  adaptiveAvgPool2d(x, adaptive),
  maxUnpool2d(x, indices, unpool),
  conv3d(x, x, volume),
];
export const perhaps: Tensor | undefined = conv2dBackward(x, x, x, backward).gradX;

// per-axis options have as many entries as the operator has spatial axes
conv1d(x, x, { stride: [2], padding: 'causal', dilation: [1] });
conv3d(x, x, {
  stride: [2, 1, 1],
  padding: [
    [0, 1],
    [0, 0],
    [1, 1],
  ],
});
adaptiveAvgPool2d(x, { outputSize: [null, 2] });
// @ts-expect-error: one number too many
conv2d(x, x, { stride: [1, 1, 1] });
// @ts-expect-error: pairs of one axis too few
conv2d(x, x, { padding: [[0, 1]] });
// @ts-expect-error: a plane has no past
conv2d(x, x, { padding: 'causal' });
// @ts-expect-error: a layout of another rank
conv2d(x, x, { layout: 'NCL' });
conv2d(x, x, { algorithm: 'winograd-f4x4', bias: [1] });

// gradients as they are asked for
const all = conv2dBackward(x, x, x, { bias: [1], padding: 1 });
const two = conv2dBackward(x, x, x);
const one = conv2dBackward(x, x, x, { wanted: { weight: true, bias: false } });
const trained = prepareConv2dBackward({}, [1, 1, 2, 2], [1, 1, 1, 1]).run(x, x, x);
const pair = separableConv2dBackward(x, x, x, x, { bias: [1] });
const product = gemmBackward(x, x, x, { c: x });
export const gradients: Tensor[] = [
  ...[all.gradX, all.gradWeight, all.gradBias, two.gradX, two.gradWeight, one.gradWeight],
  ...[trained.gradX, trained.gradWeight, pair.gradDepthwise, pair.gradBias],
  ...[product.gradA, product.gradB, product.gradC],
];
export const none: undefined[] = [two.gradBias, one.gradX, one.gradBias, product.gradBias];
// @ts-expect-error: there only where the layer has a bias
export const unsure: Tensor = trained.gradBias;

// what a call makes is in a buffer that is not shared; what is given as `out` comes back
type Made = ReturnType<Float32Array['slice']>;
export const made: Made[] = [
  conv2d(x, x).data,
  conv2d(x, x, { padding: 1 }).data,
  maxPool2d(x, { kernelSize: 2 }).data,
  globalAvgPool(x).data,
  gemm(x, x).data,
  linear(x, x, { bias: [1, 2] }).data,
  layer.run(x).data,
];
const mine = { data: new Float32Array(4), shape: [1, 1, 2, 2], name: 'mine' };
export const names: string[] = [conv2d(x, x, { out: mine }).name, layer.run(x, mine).name];

export const read: Tensor | undefined = safetensors(new Uint8Array(8)).tensors.get('w') ?? npy(new ArrayBuffer(8));
export const picture: Uint8ClampedArray | Uint8Array = toImageData(fromImageData(toImageData(x), { mean: [0] })).data;
