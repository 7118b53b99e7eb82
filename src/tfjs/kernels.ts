import { ADD, DIV, MAXIMUM, MINIMUM, MUL, SUB } from '../nn/boundary.js';
import { sizeOf } from '../shape/tensor.js';
import * as activation from './activation.js';
import { dense2d, dense3d, depthwise2d, filterGrad, forward, inputGrad } from './conv.js';
import { addAll, binary } from './elementwise.js';
import type { Serve } from './kernel.js';
import { matMul } from './matmul.js';
import { concat, pack, slice, split, unpack } from './parts.js';
import { avgPool, avgPoolGrad, maxPool, maxPoolGrad, maxPoolGrad3d, maxPoolWithArgmax } from './pool.js';
import { batchNorm, max, mean, softmax, sum } from './reduce.js';
import { depthToSpace, mirrorPad, pad, transpose } from './reshaping.js';
import { resizeBilinear, resizeNearest } from './resize.js';
import { cast, identity, tile } from './shared.js';
import { take } from './take.js';
import type { TensorInfo } from './tf.js';

/** Fewer numbers do not pay the way to our kernels, and that to other threads. */
const MANY = 1 << 14;

/** Leaves few numbers to TensorFlow.js where there are threads. */
const shared =
  (serve: Serve): Serve =>
  (around, call) =>
    around.place.team && sizeOf((call.inputs.x as TensorInfo).shape) < MANY ? undefined : serve(around, call);

/** What is replaced, by the names that TensorFlow.js has for its kernels. */
export const kernels: Readonly<Record<string, Serve>> = {
  Conv2D: forward(dense2d),
  FusedConv2D: forward(dense2d),
  DepthwiseConv2dNative: forward(depthwise2d),
  FusedDepthwiseConv2D: forward(depthwise2d),
  Conv2DBackpropInput: inputGrad(dense2d),
  Conv2DBackpropFilter: filterGrad(dense2d),
  DepthwiseConv2dNativeBackpropInput: inputGrad(depthwise2d),
  DepthwiseConv2dNativeBackpropFilter: filterGrad(depthwise2d),
  Conv3D: forward(dense3d),
  Conv3DBackpropInputV2: inputGrad(dense3d),
  Conv3DBackpropFilterV2: filterGrad(dense3d),
  BatchMatMul: matMul(),
  _FusedMatMul: matMul(),
  MaxPool: maxPool(2),
  MaxPoolGrad: maxPoolGrad,
  MaxPoolWithArgmax: maxPoolWithArgmax,
  MaxPool3D: maxPool(3),
  MaxPool3DGrad: maxPoolGrad3d,
  AvgPool: avgPool(2),
  AvgPoolGrad: avgPoolGrad(2),
  AvgPool3D: avgPool(3),
  AvgPool3DGrad: avgPoolGrad(3),
  Add: binary(ADD),
  Sub: binary(SUB),
  Multiply: binary(MUL),
  RealDiv: binary(DIV),
  AddN: addAll,
  Maximum: binary(MAXIMUM),
  Minimum: binary(MINIMUM),
  Relu: shared(activation.relu),
  Relu6: shared(activation.relu6),
  LeakyRelu: activation.leakyRelu,
  Prelu: shared(activation.prelu),
  Elu: activation.elu,
  Selu: activation.selu,
  Sigmoid: activation.sigmoid,
  Tanh: activation.tanh,
  Softplus: activation.softplus,
  ClipByValue: shared(activation.clip),
  Softmax: softmax,
  FusedBatchNorm: batchNorm,
  Mean: mean,
  Sum: sum,
  Max: max,
  Transpose: transpose,
  DepthToSpace: depthToSpace,
  Concat: concat,
  Slice: slice,
  SplitV: split,
  Pack: pack,
  Unpack: unpack,
  PadV2: pad,
  MirrorPad: mirrorPad,
  ResizeBilinear: resizeBilinear,
  ResizeNearestNeighbor: resizeNearest,
  Identity: identity,
  Cast: cast,
  Tile: tile,
  GatherV2: take,
};

/**
 * Those of the wasm backend that are as fast as ours, or faster, on one thread: replaced in the cpu backend, and where
 * threads share ours. Its own threads go on spinning after a call, where ours would work.
 */
const onShared = ['Relu', 'Relu6', 'ClipByValue', 'Prelu'];

/** Those that are replaced in the cpu backend alone. */
const onCpu = ['ResizeBilinear'];

/** Those that the cpu backend does without a copy: replaced in the wasm backend alone. */
const onWasm = ['Identity', 'Cast', 'GatherV2'];

/** Which of some kernels are replaced in a backend. */
export const replacedIn = (backend: string, names: readonly string[], sharing: boolean): readonly string[] => {
  const left = backend === 'cpu' ? onWasm : sharing ? onCpu : [...onCpu, ...onShared];
  return names.filter((name) => !left.includes(name));
};
