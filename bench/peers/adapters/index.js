import { litertCompatible, litertRelaxed, litertThreaded } from './litert.js';
import { onnxruntimeNode, onnxruntimeWeb } from './onnxruntime.js';
import { plainLoop } from './plain-loop.js';
import { stridewise } from './stridewise.js';
import { tfjsCpu, tfjsWasm } from './tfjs.js';

/**
 * @typedef {import('../../problem.js').Problem} Problem
 *
 * @typedef {object} Adapter
 * @property {string} name
 * @property {'own' | 'peer' | 'scale'} role `peer` competes for "best peer", `scale` is only shown.
 * @property {'NHWC' | 'NCHW'} [judges] The layout that an own one stands for against the best peer.
 * @property {boolean} [slow] Plain JavaScript: timed with few repetitions, and not in whole stacks.
 * @property {string} includes What its numbers include.
 * @property {() => Promise<Engine>} open Loads the library; fails where it cannot run.
 *
 * @typedef {object} Engine
 * @property {string} version
 * @property {(problem: Problem, operands: Float32Array[]) => Promise<Prepared | null>} prepare Operands are channels
 * first. Null: not offered.
 *
 * @typedef {import('../../measure.js').Candidate & Reader} Prepared
 *
 * @typedef {object} Reader
 * @property {() => Float32Array | Promise<Float32Array>} read Result of one call, channels first.
 * @property {() => unknown} dispose
 */

/**
 * The package in its ways of being called, first those that are judged; then the peers; then what is only shown. On
 * several threads, what has them.
 * @param {'auto' | 'strict' | 'relaxed'} build @param {number} [threads] @returns {Adapter[]}
 */
export const adapters = (build, threads = 1) => [
  ...stridewise(build, threads),
  tfjsWasm(threads),
  ...(threads > 1 ? [litertThreaded(threads)] : [litertRelaxed, litertCompatible]),
  onnxruntimeWeb(threads),
  onnxruntimeNode(threads),
  ...(threads > 1 ? [] : [tfjsCpu, plainLoop]),
];
