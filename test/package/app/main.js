import { conv2d, maxPool2d } from 'stridewise';
import { convOutputSize } from 'stridewise/arithmetic';
import { relu } from 'stridewise/nn';

const ones = (...shape) => ({
  data: new Float32Array(shape.reduce((product, extent) => product * extent, 1)).fill(1),
  shape,
});

const y = relu(maxPool2d(conv2d(ones(1, 2, 6, 6), ones(3, 2, 3, 3)), { kernelSize: 2 }));
console.log(y.data[0], convOutputSize(6, { kernelSize: 3 }));
