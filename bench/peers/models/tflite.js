import { Builder } from 'flatbuffers';

/**
 * A writer of one-operator TFLite models. Slots and codes are those of TensorFlow Lite's schema.fbs.
 *
 * @typedef {keyof typeof codes} Operation
 * @typedef {{ shape: readonly number[], data?: Float32Array | Int32Array }} Tensor With `data` a constant, else an
 * input.
 * @typedef {Record<string, number | boolean>} Options Named as in the schema.
 */

/** Operator code, code of its options table, and that table's fields in the order of the schema with their types. */
const codes = {
  AVERAGE_POOL_2D: [1, 5, 'padding:b stride_w stride_h filter_width filter_height'],
  CONV_2D: [3, 1, 'padding:b stride_w stride_h activation:b dilation_w_factor dilation_h_factor'],
  DEPTHWISE_CONV_2D: [
    4,
    2,
    'padding:b stride_w stride_h depth_multiplier activation:b dilation_w_factor dilation_h_factor',
  ],
  MAX_POOL_2D: [17, 5, 'padding:b stride_w stride_h filter_width filter_height'],
  TRANSPOSE_CONV: [67, 49, 'padding:b stride_w stride_h'],
  BATCH_MATMUL: [126, 101, 'adj_x:b adj_y:b'],
  CONV_3D: [
    132,
    106,
    'padding:b stride_d stride_w stride_h activation:b dilation_d_factor dilation_w_factor dilation_h_factor',
  ],
};

const FLOAT32 = 0;
const INT32 = 2;
/** Largest operator code that fits the byte older readers use. */
const lastByteCode = 127;

/** @param {Builder} builder @param {number[]} offsets */
function offsetVector(builder, offsets) {
  builder.startVector(4, offsets.length, 4);
  for (const offset of [...offsets].reverse()) builder.addOffset(offset);
  return builder.endVector();
}

/** @param {Builder} builder @param {readonly number[]} values */
function intVector(builder, values) {
  builder.startVector(4, values.length, 4);
  for (const value of [...values].reverse()) builder.addInt32(value);
  return builder.endVector();
}

/** Aligned to 16 bytes, as the schema has it. @param {Builder} builder @param {Float32Array | Int32Array} data */
function bytesVector(builder, data) {
  builder.prep(16, data.byteLength);
  return builder.createByteVector(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

/**
 * A table: [slot, write the field] pairs. @param {Builder} builder @param {number} slots @param {((builder: Builder) =>
 * void)[]} fields
 */
function table(builder, slots, fields) {
  builder.startObject(slots);
  for (const field of fields) field(builder);
  return builder.endObject();
}

const offsetField = (/** @type {number} */ slot, /** @type {number} */ value) => (/** @type {Builder} */ b) =>
  b.addFieldOffset(slot, value, 0);
const intField = (/** @type {number} */ slot, /** @type {number} */ value) => (/** @type {Builder} */ b) =>
  b.addFieldInt32(slot, value, 0);
const byteField = (/** @type {number} */ slot, /** @type {number} */ value) => (/** @type {Builder} */ b) =>
  b.addFieldInt8(slot, value, 0);

/** @param {Builder} builder @param {string} fields @param {Options} options */
function optionsTable(builder, fields, options) {
  const names = fields.split(' ');
  const present = names.map((field, slot) => {
    const [name, type] = field.split(':');
    const value = Number(options[name] ?? 0);
    // Dilations default to 1 in the schema, so 0 has to be forced; no caller asks for it.
    return type === 'b' ? byteField(slot, value) : intField(slot, value || 1);
  });
  return table(builder, names.length, present);
}

/**
 * The bytes of a model with one operator.
 * @param {Operation} operation @param {Tensor[]} inputs In the operator's order. @param {readonly number[]} resultShape
 * @param {Options} options
 */
export function tfliteModel(operation, inputs, resultShape, options) {
  const [code, optionsCode, fields] = /** @type {[number, number, string]} */ (codes[operation]);
  const builder = new Builder(1024 + inputs.reduce((sum, { data }) => sum + (data?.byteLength ?? 0), 0));
  const tensors = [...inputs, /** @type {Tensor} */ ({ shape: resultShape })];
  // Buffer 0 is the empty one that tensors without data share.
  const buffers = [table(builder, 1, [])];
  const tensorTables = tensors.map(({ shape, data }, i) => {
    const shapeVector = intVector(builder, shape);
    const name = builder.createString(`t${i}`);
    let buffer = 0;
    if (data) {
      const bytes = bytesVector(builder, data);
      buffer = buffers.push(table(builder, 1, [offsetField(0, bytes)])) - 1;
    }
    const type = data instanceof Int32Array ? INT32 : FLOAT32;
    return table(builder, 4, [
      offsetField(0, shapeVector),
      byteField(1, type),
      intField(2, buffer),
      offsetField(3, name),
    ]);
  });
  const indices = tensors.map((_, i) => i);
  const result = indices.slice(-1);
  const opInputs = intVector(builder, indices.slice(0, -1));
  const opOutputs = intVector(builder, result);
  const optionsOffset = optionsTable(builder, fields, options);
  const operator = table(builder, 5, [
    offsetField(1, opInputs),
    offsetField(2, opOutputs),
    byteField(3, optionsCode),
    offsetField(4, optionsOffset),
  ]);
  const graphTensors = offsetVector(builder, tensorTables);
  const graphInputs = intVector(
    builder,
    indices.filter((i) => i < inputs.length && !inputs[i].data),
  );
  const graphOutputs = intVector(builder, result);
  const graphOperators = offsetVector(builder, [operator]);
  const graph = table(builder, 4, [
    offsetField(0, graphTensors),
    offsetField(1, graphInputs),
    offsetField(2, graphOutputs),
    offsetField(3, graphOperators),
  ]);
  const operatorCode = table(builder, 4, [
    byteField(0, Math.min(code, lastByteCode)),
    intField(2, 1),
    intField(3, code),
  ]);
  const operatorCodes = offsetVector(builder, [operatorCode]);
  const graphs = offsetVector(builder, [graph]);
  const bufferVector = offsetVector(builder, buffers);
  const model = table(builder, 5, [
    intField(0, 3),
    offsetField(1, operatorCodes),
    offsetField(2, graphs),
    offsetField(4, bufferVector),
  ]);
  builder.finish(model, 'TFL3');
  return builder.asUint8Array();
}
