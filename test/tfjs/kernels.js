import * as tf from '@tensorflow/tfjs';

/** Numbers from -1 to 1, the same at every call. */
const make = (shape, seed = 1) => tf.randomUniform(shape, -1, 1, 'float32', seed);

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

/** Numbers with all that is odd among them, at least 1024. */
const odd = (seed) => {
  const values = make([7, 11, 16], seed).dataSync().slice();
  values.set([nan, inf, -inf, 0, -0, 1, nan, -inf, inf, 3e38, -3e38, 1e-40], 100 * seed);
  return tf.tensor3d(values, [7, 11, 16]);
};

const int = (shape) => tf.zeros(shape, 'int32');

/** Shapes of two operands. */
const pairs = {
  same: [
    [2, 5, 7, 3],
    [2, 5, 7, 3],
  ],
  'a scalar': [[2, 5, 7, 3], []],
  'a scalar first': [[], [2, 5, 7, 3]],
  'one number of many axes': [
    [5, 7],
    [1, 1, 1],
  ],
  channels: [[2, 13, 7, 3], [3]],
  'channels first': [[3], [2, 13, 7, 3]],
  'many rows of few, with a rest': [
    [1, 41, 43, 5],
    [1, 1, 1, 5],
  ],
  'the same, first': [
    [1, 1, 5],
    [41, 43, 5],
  ],
  'rows of 24': [[50, 30, 24], [24]],
  'a number of each row': [
    [2, 5, 7, 6],
    [2, 5, 7, 1],
  ],
  'a number of each channel': [
    [2, 6, 5, 7],
    [1, 6, 1, 1],
  ],
  both: [
    [4, 1, 5, 1],
    [3, 1, 7],
  ],
};

const binary = ['Add', 'Sub', 'Multiply', 'RealDiv', 'Maximum', 'Minimum'].flatMap((kernel) => [
  ...Object.entries(pairs).map(([what, [a, b]]) => ({
    ...{ what, kernel, exact: true },
    inputs: () => ({ a: make(a, 1), b: make(b, 2) }),
  })),
  { what: 'odd numbers', kernel, exact: true, inputs: () => ({ a: odd(1), b: odd(2) }) },
  { what: 'of nothing', kernel, served: [], inputs: () => ({ a: tf.zeros([0, 3]), b: make([3]) }) },
  ...(kernel === 'RealDiv'
    ? []
    : [{ what: 'int32', kernel, served: [], inputs: () => ({ a: int([2, 3]), b: int([3]) }) }]),
]);

/** Some that only the cpu backend has from us. */
const cpu = ['cpu'];

const unary = [
  ['Relu', {}, cpu],
  ['Relu6', {}, cpu],
  ['ClipByValue', { clipValueMin: -0.4, clipValueMax: 0.1 }, cpu],
  ['Elu'],
  ['Sigmoid'],
  ['Selu'],
  ['Tanh'],
  ['Softplus'],
  ['LeakyRelu', { alpha: 0.3 }],
  ['LeakyRelu', { alpha: -2 }],
].flatMap(([kernel, attrs, served]) => {
  const exact = ['Relu', 'Relu6', 'ClipByValue'].includes(kernel) || attrs?.alpha === -2;
  const some = { kernel, attrs, exact, served };
  return [
    { ...some, what: 'a tail of 3', inputs: () => ({ x: make([3, 9, 41]) }) },
    { ...some, what: 'odd numbers', inputs: () => ({ x: odd(1) }) },
    { ...some, what: 'large numbers', inputs: () => ({ x: tf.mul(make([1100]), 120) }) },
    { ...some, what: 'few', served: [], inputs: () => ({ x: make([5]) }) },
    { ...some, what: 'of nothing', served: [], inputs: () => ({ x: tf.zeros([0, 5]) }) },
  ];
});

const image = [2, 9, 11, 13];

const moves = [
  ...[
    [0, 2, 1, 3],
    [0, 3, 1, 2],
    [3, 2, 1, 0],
    [1, 0, 3, 2],
  ].map((perm) => ({ kernel: 'Transpose', attrs: { perm }, inputs: () => ({ x: make(image) }) })),
  { kernel: 'Transpose', attrs: { perm: [1, 0] }, inputs: () => ({ x: make([31, 33]) }) },
  {
    ...{ what: 'that moves nothing', kernel: 'Transpose', attrs: { perm: [1, 0, 2] }, served: [] },
    inputs: () => ({ x: make([1, 31, 33]) }),
  },
  { what: 'int32', kernel: 'Transpose', attrs: { perm: [1, 0] }, served: [], inputs: () => ({ x: int([3, 4]) }) },
  ...[
    [
      [0, 1, 2, 3],
      [2, 5, 7, 8],
    ],
    [
      [1, 0, 0, 12],
      [1, 9, 11, 1],
    ],
    [
      [0, 3, 0, 0],
      [-1, 2, -1, -1],
    ],
    [
      [0, 3, 2],
      [1, 2],
    ],
  ].map(([begin, size]) => ({ kernel: 'Slice', attrs: { begin, size }, inputs: () => ({ x: make(image) }) })),
  {
    ...{ what: 'numbers alone', kernel: 'Slice', attrs: { begin: 1, size: [1, 3] }, served: ['wasm'] },
    inputs: () => ({ x: make(image) }),
  },
  {
    ...{ what: 'one run', kernel: 'Slice', attrs: { begin: [3, 0], size: [5, 7] }, served: ['wasm'] },
    inputs: () => ({ x: make([11, 7]) }),
  },
  {
    ...{ what: 'of nothing', kernel: 'Slice', attrs: { begin: [3, 0], size: [0, 7] }, served: [] },
    inputs: () => ({ x: make([11, 7]) }),
  },
  ...[1, 3, -2].flatMap((axis) => [
    {
      ...{ kernel: 'SplitV', attrs: { axis, numOrSizeSplits: 3 } },
      inputs: () => ({ x: make([4, 9, 6, 12]) }),
    },
    { kernel: 'Unpack', attrs: { axis }, inputs: () => ({ value: make(image) }) },
    { kernel: 'Pack', attrs: { axis }, inputs: () => [1, 2, 3].map((seed) => make(image, seed)) },
  ]),
  {
    ...{ what: 'unequal', kernel: 'SplitV', attrs: { axis: 1, numOrSizeSplits: [2, 1, 4] } },
    inputs: () => ({ x: make([3, 7]) }),
  },
  {
    ...{ what: 'one of the rest', kernel: 'SplitV', attrs: { axis: 1, numOrSizeSplits: [2, -1] }, served: [] },
    inputs: () => ({ x: make([3, 7]) }),
  },
  { kernel: 'Unpack', attrs: { axis: 0 }, served: ['wasm'], inputs: () => ({ value: make([3, 7]) }) },
  { what: 'int32', kernel: 'Unpack', attrs: { axis: 1 }, served: [], inputs: () => ({ value: int([3, 7]) }) },
  { kernel: 'Pack', attrs: { axis: 0 }, served: [], inputs: () => [make([3, 7]), make([3, 7], 2)] },
  { what: 'int32', kernel: 'Pack', attrs: { axis: 1 }, served: [], inputs: () => [int([3]), int([3])] },
  { kernel: 'AddN', inputs: () => [1, 2, 3, 4].map((seed) => make([5, 7], seed)) },
  { what: 'odd numbers', kernel: 'AddN', inputs: () => [odd(1), odd(2)] },
  { what: 'int32', kernel: 'AddN', served: [], inputs: () => [int([3]), int([3])] },
  ...[1, 2, 3, -1].map((axis) => ({
    ...{ kernel: 'Concat', attrs: { axis } },
    inputs: () =>
      [1, 2, 3].map((part) =>
        make(
          [...image].map((e, i) => (i === (axis + 4) % 4 ? part : e)),
          part,
        ),
      ),
  })),
  {
    ...{ what: 'of first axes', kernel: 'Concat', attrs: { axis: 0 }, served: [] },
    inputs: () => [make([2, 3]), make([1, 3], 2)],
  },
  {
    ...{ what: 'with an empty one', kernel: 'Concat', attrs: { axis: 1 }, served: [] },
    inputs: () => [make([2, 3]), make([2, 0]), make([2, 4], 2)],
  },
  ...[
    [
      [0, 0],
      [1, 2],
      [3, 0],
      [0, 0],
    ],
    [
      [0, 1],
      [0, 0],
      [0, 0],
      [2, 1],
    ],
    [
      [1, 0],
      [2, 1],
      [0, 3],
      [9, 12],
    ],
    [
      [0, 0],
      [0, 0],
      [0, 0],
      [0, 40],
    ],
  ].flatMap((paddings) =>
    [0, -1.5, inf].map((constantValue) => ({
      ...{ what: `of ${constantValue}`, kernel: 'PadV2', attrs: { paddings, constantValue } },
      inputs: () => ({ x: make(image) }),
    })),
  ),
  ...['reflect', 'symmetric'].map((mode) => ({
    ...{ what: mode, kernel: 'MirrorPad', served: mode === 'reflect' ? undefined : [] },
    attrs: {
      paddings: [
        [0, 1],
        [2, 3],
        [4, 0],
        [0, 5],
      ],
      mode,
    },
    inputs: () => ({ x: make(image) }),
  })),
  ...[2, 3].map((blockSize) => ({
    ...{ kernel: 'DepthToSpace', attrs: { blockSize, dataFormat: 'NHWC' } },
    inputs: () => ({ x: make([2, 3, 5, 36]) }),
  })),
].map((one) => ({ exact: true, ...one }));

const axes = [[1, 2], [3], [0, 3], [0, 1, 2, 3], [-1], [2], [0]];

const sums = ['Sum', 'Mean'].flatMap((kernel) => [
  ...axes.flatMap((axis) =>
    [false, true].map((keepDims) => ({
      ...{ what: keepDims ? 'kept' : 'gone', kernel, attrs: { axis, keepDims } },
      inputs: () => ({ x: make(image) }),
    })),
  ),
  { what: 'odd numbers', kernel, attrs: { axis: [1] }, inputs: () => ({ x: odd(2) }) },
  { what: 'few', kernel, attrs: { axis: [1] }, served: [], inputs: () => ({ x: make([3, 4]) }) },
]);

const maxima = [
  ...[[1, 2], [1], [0, 1, 2], [0], [2]].flatMap((reductionIndices) =>
    [false, true].map((keepDims) => ({
      ...{ what: keepDims ? 'kept' : 'gone', kernel: 'Max', attrs: { reductionIndices, keepDims }, exact: true },
      inputs: () => ({ x: make(image) }),
    })),
  ),
  ...[[3], [0, 2], [0, 1, 2, 3]].map((reductionIndices) => ({
    ...{ kernel: 'Max', attrs: { reductionIndices }, exact: true, served: [] },
    inputs: () => ({ x: make(image) }),
  })),
  { what: 'odd numbers', kernel: 'Max', attrs: { reductionIndices: [0] }, exact: true, inputs: () => ({ x: odd(2) }) },
];

const sizes = [
  [18, 22],
  [20, 7],
  [5, 31],
  [1, 1],
  [9, 11],
];

const resizes = ['ResizeBilinear', 'ResizeNearestNeighbor'].flatMap((kernel) =>
  sizes.flatMap((size) =>
    [
      [false, false],
      [true, false],
      [false, true],
    ].map(([alignCorners, halfPixelCenters]) => ({
      ...{ what: `${alignCorners ? 'corners' : ''}${halfPixelCenters ? 'centers' : ''}`, kernel },
      ...{ attrs: { size, alignCorners, halfPixelCenters }, exact: kernel !== 'ResizeBilinear' },
      served: kernel === 'ResizeBilinear' ? cpu : undefined,
      inputs: () => ({ images: make(image) }),
    })),
  ),
);

/** Whole numbers from -2 to 2: many of them are equal. */
const ties = (shape) => tf.round(tf.mul(make(shape, 3), 2));

/** Numbers with NaN and infinities among them, for windows that hold nothing else. */
const holes = (shape) => {
  const x = make(shape, 4);
  const where = [make(shape, 5), make(shape, 6)].map((random) => tf.greater(random, 0.3));
  return tf.where(where[0], tf.fill(shape, -inf), tf.where(where[1], tf.fill(shape, nan), x));
};

const indices = (values, shape = [values.length]) => tf.tensor(values, shape, 'int32');

const pools = [
  ...[ties, holes].flatMap((x) =>
    [1, 4, 5].flatMap((c) =>
      [false, true].map((includeBatchInIndex) => ({
        ...{ what: `${x.name}, ${c} channels`, kernel: 'MaxPoolWithArgmax', exact: true },
        attrs: { filterSize: [3, 2], strides: [2, 1], pad: 'same', includeBatchInIndex },
        inputs: () => ({ x: x([2, 9, 8, c]) }),
      })),
    ),
  ),
  ...[ties, holes].flatMap((x) =>
    ['same', 'valid', 1].map((pad) => ({
      ...{ what: x.name, kernel: 'MaxPool3DGrad', exact: true },
      attrs: { filterSize: [2, 3, 3], strides: [1, 2, 3], pad, dimRoundingMode: pad === 1 ? 'ceil' : undefined },
      inputs: () => {
        const input = x([2, 5, 6, 7, 3]);
        const out = { same: [2, 5, 3, 3, 3], valid: [2, 4, 2, 2, 3], 1: [2, 6, 4, 3, 3] }[pad];
        return { dy: ties(out), input };
      },
    })),
  ),
];

/** A tensor of a type. */
const some = (type) => (type === 'bool' ? tf.greater(ties([3, 5]), 0) : tf.cast(ties([3, 5]), type));

/** Copies, and what is shared instead. */
const copies = [
  ...['float32', 'int32', 'bool'].flatMap((type) => [
    { what: type, kernel: 'Identity', served: ['wasm'], inputs: () => ({ x: some(type) }) },
    { kernel: 'Cast', attrs: { dtype: type }, served: ['wasm'], inputs: () => ({ x: some(type) }) },
  ]),
  { what: 'of floats', kernel: 'Cast', attrs: { dtype: 'int32' }, served: [], inputs: () => ({ x: make([9]) }) },
  ...[
    [1, 1, 1],
    [2, 1, 1],
    [1, 3, 1],
    [3, 2, 4],
  ].map((reps) => ({ kernel: 'Tile', attrs: { reps }, inputs: () => ({ x: make([5, 4, 3]) }) })),
  { what: 'int32', kernel: 'Tile', attrs: { reps: [2] }, served: [], inputs: () => ({ x: int([3]) }) },
  ...[0, 1, 2, -1].flatMap((axis) =>
    [[4], [2, 2], []].map((shape) => ({
      ...{ what: `[${shape}]`, kernel: 'GatherV2', attrs: { axis, batchDims: 0 }, served: ['wasm'] },
      inputs: () => ({
        x: make([5, 4, 3]),
        indices: indices([2, 0, 2, 1].slice(0, tf.util.sizeFromShape(shape)), shape),
      }),
    })),
  ),
  {
    ...{ what: 'long rows', kernel: 'GatherV2', attrs: { axis: 1, batchDims: 0 }, served: ['wasm'] },
    inputs: () => ({ x: make([2, 5, 37]), indices: indices([4, 0, 3]) }),
  },
  {
    ...{ what: 'of batches', kernel: 'GatherV2', attrs: { axis: 1, batchDims: 1 }, served: [] },
    inputs: () => ({ x: make([2, 3]), indices: indices([2, 0], [2, 1]) }),
  },
].map((one) => ({ exact: true, ...one }));

const norms = [
  {
    ...{ kernel: 'Softmax', attrs: { dim: 1 } },
    inputs: () => ({ logits: tf.mul(make([37, 41]), 9) }),
  },
  ...['scale', 'offset', 'both', 'neither'].map((given) => ({
    ...{ what: given, kernel: 'FusedBatchNorm', attrs: { varianceEpsilon: 0.01 } },
    inputs: () => ({
      ...{ x: make(image), mean: make([13], 2), variance: tf.abs(make([13], 3)) },
      ...(given !== 'offset' && given !== 'neither' && { scale: make([13], 4) }),
      ...(given !== 'scale' && given !== 'neither' && { offset: make([13], 5) }),
    }),
  })),
  {
    ...{ what: 'numbers of each cell', kernel: 'FusedBatchNorm', attrs: { varianceEpsilon: 0.01 }, served: [] },
    inputs: () => ({ x: make(image), mean: make(image, 2), variance: tf.abs(make(image, 3)) }),
  },
  ...[[13], [1, 1, 13], [11, 1], []].map((alpha) => ({
    ...{ what: `[${alpha}]`, kernel: 'Prelu', exact: true, served: cpu },
    inputs: () => ({ x: make(image), alpha: make(alpha, 2) }),
  })),
];

/**
 * Calls of kernels beside convolution: operands, attributes, whether the result is exact or to rounding, and the
 * backends in which ours serves it, by default both.
 */
export const calls = [...binary, ...unary, ...moves, ...sums, ...maxima, ...resizes, ...pools, ...copies, ...norms].map(
  (call) => ({
    ...call,
    attrs: call.attrs ?? {},
    served: call.served ?? ['wasm', 'cpu'],
    name: `${call.kernel} ${call.what ?? ''} ${JSON.stringify(call.attrs ?? {})}`,
  }),
);
