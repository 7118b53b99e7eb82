const { conv2d, ShapeError, tensor } = require('stridewise');
const { convOutputSize } = require('stridewise/arithmetic');
const { convMatrix } = require('stridewise/matrix');
const { init } = require('stridewise/url');

const x = tensor([1, 2, 3, 4], [1, 1, 2, 2]);

test('every entry', async () => {
  expect([...conv2d(x, x).data]).toEqual([30]);
  expect(() => conv2d(x, tensor([1], [1, 1, 1]))).toThrow(ShapeError);
  expect(convOutputSize(6, { kernelSize: 3 })).toBe(4);
  expect(convMatrix(x, [1, 2, 2]).rows).toBe(1);
  expect((await init()).simd).toBe(true);
});
