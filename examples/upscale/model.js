// A model of tf.layers: its topology, as far as networks of this kind use it, and its weights.

/** @typedef {import('stridewise').Tensor} Tensor */

/**
 * @typedef {object} Layer
 * @property {string} kind its class
 * @property {string} name
 * @property {string[]} inputs names of the layers that it reads
 * @property {Record<string, any>} config
 * @property {Tensor} [weight] of a convolution: [rows, columns, input channels, output channels]
 * @property {Tensor} [bias]
 *
 * @typedef {object} Model
 * @property {Layer[]} layers each behind those that it reads, the input first
 * @property {string} output name of the last one
 *
 * @typedef {object} Group weights that stand in files one after the other
 * @property {string[]} paths
 * @property {{ name: string, shape: number[], dtype: string }[]} weights
 *
 * @typedef {{ modelTopology: any, weightsManifest: Group[] }} Description what `model.json` holds
 */

/** Which settings a class is known to work with; others need code that is not here. @type {Record<string, object>} */
const known = {
  InputLayer: {},
  Conv2D: { strides: '1,1', dilation_rate: '1,1', groups: 1, activation: 'linear', data_format: 'channels_last' },
  Activation: { activation: 'relu' },
  Concatenate: { axis: 3 },
  Add: {},
  UpSampling2D: { interpolation: 'nearest', data_format: 'channels_last' },
};

/** @param {Layer} layer */
function check({ kind, name, config }) {
  if (!(kind in known)) throw new Error(`the layer ${name} is of the class ${kind}, which this example does not know`);
  for (const [key, value] of Object.entries(known[kind])) {
    if (String(config[key] ?? value) !== String(value))
      throw new Error(`the layer ${name} has ${key} ${config[key]}, expected ${value}`);
  }
}

/**
 * The tensors by name. @param {Group[]} manifest @param {readonly ArrayBuffer[]} groups the numbers of each group
 * @returns {Map<string, Tensor>}
 */
function tensorsOf(manifest, groups) {
  const tensors = new Map();
  manifest.forEach(({ weights }, i) => {
    const floats = new Float32Array(groups[i]);
    let at = 0;
    for (const { name, shape, dtype } of weights) {
      if (dtype !== 'float32') throw new Error(`${name} holds ${dtype}, expected float32`);
      const size = shape.reduce((product, extent) => product * extent, 1);
      tensors.set(name, { data: floats.subarray(at, (at += size)), shape });
    }
    if (at !== floats.length) throw new Error(`the weights have ${floats.length} numbers, expected ${at}`);
  });
  return tensors;
}

/** @param {Description} description @param {readonly ArrayBuffer[]} groups of its manifest @returns {Model} */
export function modelOf({ modelTopology, weightsManifest }, groups) {
  const weights = tensorsOf(weightsManifest, groups);
  const { layers, output_layers: outputs } = modelTopology.model_config.config;
  return {
    layers: layers.map(({ class_name: kind, name, config, inbound_nodes: nodes }) => {
      const inputs = (nodes[0] ?? []).map(([input]) => input);
      const layer = {
        kind,
        name,
        inputs,
        config,
        weight: weights.get(`${name}/kernel`),
        bias: weights.get(`${name}/bias`),
      };
      check(layer);
      return layer;
    }),
    output: outputs[0][0],
  };
}
