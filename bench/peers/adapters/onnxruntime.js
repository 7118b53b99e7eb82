import { createRequire } from 'node:module';
import { shapesOf } from '../../problem.js';
import { onnxModel } from '../models/onnx.js';

/** @typedef {import('../../problem.js').Problem} Problem */
/** @typedef {import('./index.js').Adapter} Adapter */

/** @param {number} threads @returns {Adapter} */
export const onnxruntimeWeb = (threads) => ({
  name: 'ort-web',
  role: 'peer',
  includes: 'call, input and output copies, which it makes at every call; weights packed beforehand; channels first',
  async open() {
    const { default: ort } = await import('onnxruntime-web');
    ort.env.wasm.numThreads = threads;
    ort.env.logLevel = 'error';
    return engine(ort, 'wasm', /** @type {string} */ (ort.env.versions.web), threads);
  },
});

/** @param {number} threads @returns {Adapter} */
export const onnxruntimeNode = (threads) => ({
  name: 'ort-node',
  role: 'scale',
  includes: 'call and output allocation; native code, input read in place, weights packed beforehand; channels first',
  async open() {
    const ort = createRequire(import.meta.url)('onnxruntime-node');
    return engine(ort, 'cpu', ort.env.versions.node, threads);
  },
});

/**
 * @param {any} ort @param {'wasm' | 'cpu'} provider @param {string} version @param {number} threads
 * @returns {import('./index.js').Engine}
 */
function engine(ort, provider, version, threads) {
  const options = {
    executionProviders: [provider],
    graphOptimizationLevel: 'all',
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  };
  return {
    version,
    async prepare(problem, operands) {
      const graph = graphOf(problem, operands);
      if (!graph) return null;
      const session = await ort.InferenceSession.create(onnxModel(graph), options);
      const feeds = Object.fromEntries(
        graph.inputs.map(({ name, shape }, i) => [name, new ort.Tensor('float32', operands[i], shape)]),
      );
      return {
        run: () => session.run(feeds),
        read: async () => (await session.run(feeds)).result.data,
        dispose: () => session.release(),
      };
    },
  };
}

/**
 * The model of a problem: weights are constants, everything else is an input.
 * @param {Problem} problem @param {Float32Array[]} operands
 */
function graphOf(problem, operands) {
  const { operator, kernel, stride, dilation, begin, end, outputPadding, groups } = problem;
  const shapes = shapesOf(problem);
  const [a, b] = shapes.operands;
  const pads = [...begin, ...end];
  const first = { name: 'a', shape: a };
  const outputs = [{ name: 'result', shape: shapes.result }];
  const weights = () => [{ name: 'b', shape: b, data: operands[1] }];
  const node = (
    /** @type {string} */ op,
    /** @type {string[]} */ inputs,
    /** @type {Record<string, number | number[]>} */ attributes,
  ) => ({
    nodes: [{ op, inputs, outputs: ['result'], attributes }],
    inputs: [first],
    outputs,
  });
  switch (operator) {
    case 'conv':
      return {
        ...node('Conv', ['a', 'b'], {
          kernel_shape: kernel,
          strides: stride,
          dilations: dilation,
          pads,
          group: groups,
        }),
        constants: weights(),
      };
    case 'convT':
    case 'gradX': {
      // What the end padding cuts or a stride leaves over: the input extent the output size formula does not reach.
      const natural = problem.output.map(
        (o, i) => (o - 1) * stride[i] - begin[i] - end[i] + dilation[i] * (kernel[i] - 1) + 1,
      );
      const output_padding =
        operator === 'convT' ? outputPadding : problem.input.map((extent, i) => extent - natural[i]);
      const attributes = {
        kernel_shape: kernel,
        strides: stride,
        dilations: dilation,
        pads,
        group: groups,
        output_padding,
      };
      return { ...node('ConvTranspose', ['a', 'b'], attributes), constants: weights() };
    }
    case 'gradW':
      return groups === 1 ? weightGradient(problem, shapes, outputs) : null;
    case 'maxpool':
    case 'identity':
      return node('MaxPool', ['a'], { kernel_shape: kernel, strides: stride, dilations: dilation, pads });
    case 'argmax': {
      const graph = node('MaxPool', ['a'], { kernel_shape: kernel, strides: stride, dilations: dilation, pads });
      graph.nodes[0].outputs.push('indices');
      return graph;
    }
    case 'avgpool':
      return node('AveragePool', ['a'], { kernel_shape: kernel, strides: stride, pads, count_include_pad: 0 });
    case 'gap':
      return node('GlobalAveragePool', ['a'], {});
    case 'gemm':
      return { ...node('MatMul', ['a', 'b'], {}), inputs: [first, { name: 'b', shape: b }] };
    case 'linear':
      return { ...node('Gemm', ['a', 'b'], { transB: 1 }), constants: weights() };
    default:
      return null;
  }
}

/**
 * It has no weight gradient: a convolution of the transposed input with the transposed gradient, stride and dilation
 * exchanged.
 * @param {Problem} problem @param {{ operands: number[][], result: number[] }} shapes @param {{ name: string, shape:
 * number[] }[]} outputs
 */
function weightGradient({ rank, input, output, kernel, stride, dilation, begin }, { operands, result }, outputs) {
  const perm = [1, 0, ...Array.from({ length: rank }, (_, i) => i + 2)];
  // Ends so that exactly `kernel` positions remain.
  const ends = input.map(
    (extent, i) => (kernel[i] - 1) * dilation[i] + (output[i] - 1) * stride[i] + 1 - extent - begin[i],
  );
  const attributes = { kernel_shape: output, strides: dilation, dilations: stride, pads: [...begin, ...ends] };
  if (result.length !== rank + 2) return null;
  return {
    nodes: [
      { op: 'Transpose', inputs: ['a'], outputs: ['xt'], attributes: { perm } },
      { op: 'Transpose', inputs: ['b'], outputs: ['yt'], attributes: { perm } },
      { op: 'Conv', inputs: ['xt', 'yt'], outputs: ['wt'], attributes },
      { op: 'Transpose', inputs: ['wt'], outputs: ['result'], attributes: { perm } },
    ],
    inputs: operands.map((shape, i) => ({ name: 'ab'[i], shape })),
    outputs,
  };
}
