import { arena, conv2d, type InitOptions, init, maxPool2d, prepareConv2d, type Tensor, tensor } from 'stridewise';
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

export const read: Tensor | undefined = safetensors(new Uint8Array(8)).tensors.get('w') ?? npy(new ArrayBuffer(8));
export const picture: Uint8ClampedArray | Uint8Array = toImageData(fromImageData(toImageData(x), { mean: [0] })).data;
