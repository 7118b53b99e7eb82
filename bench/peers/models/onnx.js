/**
 * A writer of one- and few-node ONNX models: protobuf messages by hand. Field numbers are those of onnx.proto.
 *
 * @typedef {{ op: string, inputs: string[], outputs: string[], attributes?: Record<string, number | number[]> }} Node
 * @typedef {{ name: string, shape: readonly number[] }} Value
 */

const FLOAT = 1;
const attributeType = { int: 2, ints: 7 };

/** @param {number} value @returns {number[]} Base-128, low digits first. */
function varint(value) {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return [...bytes, value];
}

/** @param {Uint8Array[]} parts */
function join(parts) {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** A number field. @param {number} field @param {number} value */
const int = (field, value) => Uint8Array.from([...varint(field << 3), ...varint(value)]);

/**
 * A field of bytes, text or a nested message. @param {number} field @param {string | Uint8Array | Uint8Array[]} value
 */
function block(field, value) {
  const bytes =
    typeof value === 'string' ? new TextEncoder().encode(value) : Array.isArray(value) ? join(value) : value;
  return join([Uint8Array.from([...varint((field << 3) | 2), ...varint(bytes.length)]), bytes]);
}

/** @param {string} name @param {number | number[]} value */
function attribute(name, value) {
  const payload = Array.isArray(value) ? value.map((v) => int(8, v)) : [int(3, value)];
  return block(5, [block(1, name), ...payload, int(20, Array.isArray(value) ? attributeType.ints : attributeType.int)]);
}

/** @param {Node} node */
function encodeNode({ op, inputs, outputs, attributes = {} }) {
  const all = Object.entries(attributes).map(([name, value]) => attribute(name, value));
  return block(1, [
    ...inputs.map((name) => block(1, name)),
    ...outputs.map((name) => block(2, name)),
    block(4, op),
    ...all,
  ]);
}

/** @param {number} field @param {Value} value */
function valueInfo(field, { name, shape }) {
  const dims = shape.map((extent) => block(1, [int(1, extent)]));
  return block(field, [block(1, name), block(2, [block(1, [int(1, FLOAT), block(2, dims)])])]);
}

/** @param {Value & { data: Float32Array }} constant */
function initializer({ name, shape, data }) {
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return block(5, [...shape.map((extent) => int(1, extent)), int(2, FLOAT), block(8, name), block(9, raw)]);
}

/**
 * The bytes of a model, opset 17.
 * @param {{ nodes: Node[], inputs: Value[], outputs: Value[], constants?: (Value & { data: Float32Array })[] }} graph
 */
export function onnxModel({ nodes, inputs, outputs, constants = [] }) {
  const graph = [
    ...nodes.map(encodeNode),
    block(2, 'bench'),
    ...constants.map(initializer),
    ...inputs.map((value) => valueInfo(11, value)),
    ...outputs.map((value) => valueInfo(12, value)),
  ];
  return join([int(1, 8), block(7, graph), block(8, [block(1, ''), int(2, 17)])]);
}
