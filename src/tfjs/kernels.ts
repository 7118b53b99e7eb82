import { dense2d, dense3d, depthwise2d, filterGrad, forward, inputGrad } from './conv.js';
import type { Serve } from './kernel.js';
import { matMul } from './matmul.js';
import { avgPool, avgPoolGrad, maxPool, maxPoolGrad } from './pool.js';

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
  MaxPool3D: maxPool(3),
  AvgPool: avgPool(2),
  AvgPoolGrad: avgPoolGrad(2),
  AvgPool3D: avgPool(3),
  AvgPool3DGrad: avgPoolGrad(3),
};
