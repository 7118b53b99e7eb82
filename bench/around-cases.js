/**
 * What stands around convolution: cases with the call of this package, and that of TensorFlow.js where it has one.
 *
 * @typedef {{ nn: any, t: (shape: number[], seed?: number) => any }} Own Functions, and what makes tensors in memory.
 * @typedef {{ tf: any, t: (shape: number[], seed?: number) => any }} Peer
 * @typedef {object} Case
 * @property {string} title
 * @property {number} floats Of the operands and the result: as many as a copy of half of them reads and writes.
 * @property {(own: Own) => () => unknown} own
 * @property {(peer: Peer) => () => any} [peer]
 */

const map = [1, 64, 112, 112];
const mapLast = [1, 112, 112, 64];
const small = [1, 64, 56, 56];
const smallLast = [1, 56, 56, 64];
const tokens = [784, 1024];
const size = 64 * 112 * 112;

/** @param {string} title @param {string} name @param {string} [peerName] @returns {Case} */
const unary = (title, name, peerName) => ({
  title,
  floats: 2 * size,
  own: ({ nn, t }) => into(t, map, (x, out) => nn[name](x, { out })),
  ...(peerName && { peer: ({ tf, t }) => on(t(map), (x) => tf[peerName](x)) }),
});

/** @param {Own['t']} t @param {number[]} shape @param {(x: any, out: any) => unknown} call */
function into(t, shape, call, result = shape) {
  const [x, out] = [t(shape), t(result)];
  return () => call(x, out);
}

/** @param {any} x @param {(x: any) => any} call */
const on = (x, call) => () => call(x);

/** @param {string} title @param {string} name @param {number[]} a @param {number[]} b @returns {Case} */
const binary = (title, name, a, b) => ({
  title,
  floats: 2 * size + b.reduce((product, extent) => product * extent, 1),
  own: ({ nn, t }) => {
    const [x, y, out] = [t(a), t(b, 2), t(a)];
    return () => nn[name](x, y, { out });
  },
  peer: ({ tf, t }) => {
    const [x, y] = [t(a), t(b, 2)];
    return () => tf[name](x, y);
  },
});

/** @param {string} title @param {(nn: any, x: any, out: any) => unknown} call @returns {Case} */
const own = (title, call, shape = map) => ({
  title,
  floats: 2 * size,
  own: ({ nn, t }) => into(t, shape, (x, out) => call(nn, x, out)),
});

/** @type {Case[]} */
export const aroundCases = [
  unary('relu', 'relu', 'relu'),
  unary('relu6', 'relu6', 'relu6'),
  unary('leakyRelu', 'leakyRelu', 'leakyRelu'),
  unary('elu', 'elu', 'elu'),
  unary('sigmoid', 'sigmoid', 'sigmoid'),
  unary('tanh', 'tanh', 'tanh'),
  unary('silu', 'silu'),
  unary('hardSwish', 'hardSwish'),
  unary('softplus', 'softplus', 'softplus'),
  unary('mish', 'mish'),
  unary('gelu', 'gelu'),
  unary('geluTanh', 'geluTanh'),
  binary('add', 'add', map, map),
  binary('mul', 'mul', map, map),
  binary('div', 'div', map, map),
  binary('maximum', 'maximum', map, map),
  binary('add a number', 'add', map, []),
  binary('add channels', 'add', map, [64, 1, 1]),
  binary('add channels, last', 'add', mapLast, [64]),
  binary('mul channels, last', 'mul', mapLast, [64]),
  {
    title: 'softmax 784x1024',
    floats: 2 * size,
    own: ({ nn, t }) => into(t, tokens, (x, out) => nn.softmax(x, { out })),
    peer: ({ tf, t }) => on(t(tokens), (x) => tf.softmax(x)),
  },
  own('softmax of channels', (nn, x, out) => nn.softmax(x, { axis: 1, out })),
  own('batchNorm, training', (nn, x, out) => nn.batchNorm(x, { training: true, out })),
  own(
    'batchNorm, training, last',
    (nn, x, out) => nn.batchNorm(x, { training: true, layout: 'NHWC', out }),
    mapLast,
  ),
  own('groupNorm', (nn, x, out) => nn.groupNorm(x, 8, { out })),
  own('layerNorm 784x1024', (nn, x, out) => nn.layerNorm(x, [1024], { out }), tokens),
  {
    title: 'bilinear 56-112',
    floats: 1.25 * size,
    own: ({ nn, t }) => into(t, small, (x, out) => nn.interpolate(x, { scale: 2, mode: 'bilinear', out }), map),
  },
  {
    title: 'bilinear 56-112, last',
    floats: 1.25 * size,
    own: ({ nn, t }) =>
      into(
        t,
        smallLast,
        (x, out) => nn.interpolate(x, { scale: 2, mode: 'bilinear', layout: 'NHWC', out }),
        mapLast,
      ),
    peer: ({ tf, t }) => on(t(smallLast), (x) => tf.image.resizeBilinear(x, [112, 112], false, true)),
  },
  {
    title: 'nearest 56-112, last',
    floats: 1.25 * size,
    own: ({ nn, t }) => into(t, smallLast, (x, out) => nn.interpolate(x, { scale: 2, layout: 'NHWC', out }), mapLast),
    peer: ({ tf, t }) => on(t(smallLast), (x) => tf.image.resizeNearestNeighbor(x, [112, 112], false, true)),
  },
  {
    title: 'cat of channels, last',
    floats: 2 * size,
    own: ({ nn, t }) => {
      const [a, b, out] = [t([1, 112, 112, 32]), t([1, 112, 112, 32], 2), t(mapLast)];
      return () => nn.cat([a, b], 3, { out });
    },
    peer: ({ tf, t }) => {
      const [a, b] = [t([1, 112, 112, 32]), t([1, 112, 112, 32], 2)];
      return () => tf.concat([a, b], 3);
    },
  },
  {
    title: 'pad 110-112, last',
    floats: 2 * size,
    own: ({ nn, t }) =>
      into(t, [1, 110, 110, 64], (x, out) => nn.pad(x, [[0, 0], [1, 1], [1, 1], [0, 0]], { out }), mapLast),
    peer: ({ tf, t }) => on(t([1, 110, 110, 64]), (x) => tf.pad(x, [[0, 0], [1, 1], [1, 1], [0, 0]])),
  },
  {
    title: 'permute to last',
    floats: 2 * size,
    own: ({ nn, t }) => into(t, map, (x, out) => nn.permute(x, [0, 2, 3, 1], { out }), mapLast),
    peer: ({ tf, t }) => on(t(map), (x) => tf.transpose(x, [0, 2, 3, 1])),
  },
  {
    title: 'mean of cells',
    floats: size,
    own: ({ nn, t }) => on(t(map), (x) => nn.mean(x, { axes: [2, 3] })),
    peer: ({ tf, t }) => on(t(map), (x) => tf.mean(x, [2, 3])),
  },
];
