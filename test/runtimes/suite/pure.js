import { equal } from './expect.js';

/** Tests of the entries without kernels. */
export const pure = ({ convOutputSize, samePadding }, { convMatrix, multiply }) => [
  {
    title: 'stridewise/arithmetic counts cells',
    run() {
      equal(convOutputSize([224, 225], { kernelSize: 7, stride: 2, padding: 3 }), [112, 113]);
      equal(samePadding(7, { kernelSize: 4 }), { total: 3, begin: 1, end: 2 });
    },
  },
  {
    title: 'stridewise/matrix multiplies by a convolution',
    run() {
      const weight = { data: Float32Array.of(1, 2, 3), shape: [1, 1, 3] };
      equal([...multiply(convMatrix(weight, [1, 5]), [1, 0, -1, 2, 4])], [-2, 4, 15]);
    },
  },
];
