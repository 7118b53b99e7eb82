import * as tf from '@tensorflow/tfjs';

/** Writes a model as two files; `write` takes their names and contents. */
function files(name, model, weights, write) {
  const specs = weights.map(({ name, shape }) => ({ name, shape, dtype: 'float32' }));
  const manifest = [{ paths: [`${name}.bin`], weights: specs }];
  write(`${name}.json`, JSON.stringify({ ...model, weightsManifest: manifest }));
  write(`${name}.bin`, Buffer.concat(weights.map(({ values }) => Buffer.from(Float32Array.from(values).buffer))));
}

/** Two convolutions and a dense layer. */
export async function layersModel(name, write) {
  const relu = { activation: 'relu' };
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [null, null, 3], filters: 16, kernelSize: 3, padding: 'same', ...relu }),
      tf.layers.conv2d({ filters: 24, kernelSize: 3, strides: 2, ...relu }),
      tf.layers.globalAveragePooling2d({}),
      tf.layers.dense({ units: 5 }),
    ],
  });
  await model.save(
    tf.io.withSaveHandler(async ({ modelTopology, weightSpecs, weightData }) => {
      let from = 0;
      const weights = weightSpecs.map(({ name, shape }) => {
        const bytes = tf.util.sizeFromShape(shape) * 4;
        from += bytes;
        return { name, shape, values: new Float32Array(weightData.slice(from - bytes, from)) };
      });
      files(name, { format: 'layers-model', modelTopology }, weights, write);
      return { modelArtifactsInfo: {} };
    }),
  );
  model.dispose();
}

/** relu(conv(x)) as a graph. */
export function graphModel(name, write) {
  const shape = (...extents) => ({ shape: { dim: extents.map((size) => ({ size: String(size) })) } });
  const type = { type: 'DT_FLOAT' };
  const list = (...i) => ({ list: { i: i.map(String) } });
  const node = [
    { name: 'picture', op: 'Placeholder', attr: { dtype: type, shape: shape(-1, 20, 20, 3) } },
    { name: 'filter', op: 'Const', attr: { dtype: type } },
    {
      ...{ name: 'conv', op: 'Conv2D', input: ['picture', 'filter'] },
      attr: {
        ...{ T: type, strides: list(1, 1, 1, 1), dilations: list(1, 1, 1, 1) },
        ...{ padding: { s: Buffer.from('SAME').toString('base64') } },
        ...{ data_format: { s: Buffer.from('NHWC').toString('base64') } },
      },
    },
    { name: 'y', op: 'Relu', input: ['conv'], attr: { T: type } },
  ];
  const values = Array.from({ length: 3 * 3 * 3 * 8 }, (_, i) => Math.sin(i));
  files(
    name,
    { format: 'graph-model', modelTopology: { node, versions: {}, library: {} } },
    [{ name: 'filter', shape: [3, 3, 3, 8], values }],
    write,
  );
}
