/**
 * Whole networks as the convolution and pooling layers one picture passes through: name, and [how often, problem
 * string] for each distinct layer. Layers are timed one by one and added up; what lies between them (additions,
 * activations, the classifier) is left out for every library alike.
 */

/** @typedef {{ name: string, layers: [number, string][] }} Stack */

/**
 * @param {number} ic @param {number} oc @param {number} size @param {number} kernel @param {number} [stride] Padding
 * keeps size / stride.
 */
function conv(ic, oc, size, kernel, stride = 1) {
  const strides = stride === 1 ? '' : `_sh${stride}sw${stride}`;
  const padding = kernel === 1 ? '' : `_ph${kernel >> 1}pw${kernel >> 1}`;
  return `n1ic${ic}ih${size}iw${size}_oc${oc}kh${kernel}kw${kernel}${strides}${padding}`;
}

/** @param {number} channels @param {number} size @param {number} stride */
const depthwise = (channels, size, stride) =>
  conv(channels, channels, size, 3, stride).replace('kh3', `g${channels}kh3`);

/** @param {number} channels @param {number} size */
const halve = (channels, size) => `maxpool_n1ic${channels}ih${size}iw${size}_kh2kw2`;

/** @param {string} name @param {string[]} layers In order, as often as they occur. @returns {Stack} */
function stack(name, layers) {
  const counts = new Map();
  for (const layer of layers) counts.set(layer, (counts.get(layer) ?? 0) + 1);
  return { name, layers: [...counts].map(([layer, count]) => [count, layer]) };
}

/** He et al. 2015, with the stride in the 3x3 layer. */
function resnet50() {
  const layers = [conv(3, 64, 224, 7, 2), 'maxpool_n1ic64ih112iw112_kh3kw3_sh2sw2_ph1pw1'];
  let channels = 64;
  let size = 56;
  for (const [width, blocks] of [
    [64, 3],
    [128, 4],
    [256, 6],
    [512, 3],
  ]) {
    for (let block = 0; block < blocks; block++) {
      const stride = block === 0 && width > 64 ? 2 : 1;
      layers.push(
        conv(channels, width, size, 1),
        conv(width, width, size, 3, stride),
        conv(width, 4 * width, size / stride, 1),
      );
      if (block === 0) layers.push(conv(channels, 4 * width, size, 1, stride));
      channels = 4 * width;
      size /= stride;
    }
  }
  return stack('ResNet-50', [...layers, `gap_n1ic${channels}ih${size}iw${size}`]);
}

/** Sandler et al. 2018, width 1. */
function mobilenetV2() {
  const layers = [conv(3, 32, 224, 3, 2)];
  let channels = 32;
  let size = 112;
  for (const [expansion, width, blocks, firstStride] of [
    [1, 16, 1, 1],
    [6, 24, 2, 2],
    [6, 32, 3, 2],
    [6, 64, 4, 2],
    [6, 96, 3, 1],
    [6, 160, 3, 2],
    [6, 320, 1, 1],
  ]) {
    for (let block = 0; block < blocks; block++) {
      const stride = block === 0 ? firstStride : 1;
      const inner = channels * expansion;
      if (expansion > 1) layers.push(conv(channels, inner, size, 1));
      layers.push(depthwise(inner, size, stride), conv(inner, width, size / stride, 1));
      channels = width;
      size /= stride;
    }
  }
  return stack('MobileNetV2', [...layers, conv(channels, 1280, size, 1), `gap_n1ic1280ih${size}iw${size}`]);
}

/** Simonyan and Zisserman 2014. */
function vgg16() {
  const layers = [];
  let channels = 3;
  let size = 224;
  for (const [width, count] of [
    [64, 2],
    [128, 2],
    [256, 3],
    [512, 3],
    [512, 3],
  ]) {
    for (let i = 0; i < count; i++, channels = width) layers.push(conv(channels, width, size, 3));
    layers.push(halve(channels, size));
    size /= 2;
  }
  return stack('VGG-16', layers);
}

/** Ronneberger et al. 2015, with padding that keeps the size, on 256x256 pixels. */
function unet() {
  const layers = [];
  const widths = [64, 128, 256, 512];
  let channels = 3;
  let size = 256;
  const twice = (/** @type {number} */ width) => {
    layers.push(conv(channels, width, size, 3), conv(width, width, size, 3));
    channels = width;
  };
  for (const width of widths) {
    twice(width);
    layers.push(halve(width, size));
    size /= 2;
  }
  twice(1024);
  for (const width of widths.reverse()) {
    layers.push(`convT_n1ic${channels}ih${size}iw${size}_oc${width}kh2kw2_sh2sw2`);
    size *= 2;
    twice(width);
  }
  return stack('U-Net', [...layers, conv(64, 2, size, 1)]);
}

/** @type {Stack[]} */
export const stacks = [resnet50(), mobilenetV2(), vgg16(), unet()];

/** The distinct layers of the stacks as a list: the title is the problem after the stack's name. */
export const stackCases = stacks.flatMap(({ name, layers }) =>
  layers.map(([, problem]) => /** @type {const} */ ([`${name}: ${problem}`, problem])),
);
