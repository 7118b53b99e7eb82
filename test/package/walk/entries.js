import { gemm } from 'stridewise';
import { convOutputSize } from 'stridewise/arithmetic';
import { npy } from 'stridewise/data';
import { multiply, shiftMatrix } from 'stridewise/matrix';
import { relu } from 'stridewise/nn';
import { accelerate } from 'stridewise/tfjs';
import { conv2d, features, init, tensor } from 'stridewise/threads';

// what `numpy.save` writes of the row -1, 2
const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }".padEnd(117);
const bytes = Buffer.concat([
  Buffer.from('\x93NUMPY\x01\x00v\x00', 'latin1'),
  Buffer.from(`${header}\n`, 'latin1'),
  Buffer.from(Float32Array.of(-1, 2).buffer),
]);
const x = npy(bytes);
console.log('data', x.shape, x.data);
console.log('nn', relu(x).data);
console.log('stridewise', gemm(x, x, { transposeB: true }).data);
console.log('matrix', multiply(shiftMatrix(2, 1), x.data));
console.log('arithmetic', convOutputSize(5, { kernelSize: 3 }));
await init({ threads: 2, leastFloats: 0 });
console.log('threads', features().threads, conv2d(tensor([1, 2, 3], [1, 1, 1, 3]), tensor([1, 10], [1, 1, 1, 2])).data);
console.log('tfjs', typeof accelerate);
