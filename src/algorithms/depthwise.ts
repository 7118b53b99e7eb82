import type { ConvProblem } from '../types.js';
import { keepBlock } from '../wasm/block.js';
import type { Exports } from '../wasm/exports.js';
import { recordBytes, writeGeometry, writeRecord } from '../wasm/records.js';
import type { ConvAlgorithm } from './algorithm.js';
import { Frame } from './frame.js';

const LANES = 4;

const round64 = (bytes: number) => Math.ceil(bytes / 64) * 64;

/** The kernel for a problem: kernels 3 and 5 wide reuse what they load, on rows that hold a tile. */
function kernelOf(p: ConvProblem, exports: Exports): Exports['depthwiseAny'] {
  if (p.dw > 1 || p.ow < 4) return exports.depthwiseAny;
  const { depthwise3s1, depthwise3s2, depthwise5s1, depthwise5s2 } = exports;
  const known = { '3,1': depthwise3s1, '3,2': depthwise3s2, '5,1': depthwise5s1, '5,2': depthwise5s2 };
  return known[`${p.kw},${p.sw}` as keyof typeof known] ?? exports.depthwiseAny;
}

/** Weights [oc][1][taps] or [taps][1][oc] as [taps][oc rounded up to four], turned round where the kernel is flipped. */
function tapsByChannel(p: ConvProblem, weight: Float32Array): Float32Array {
  const taps = p.kd * p.kh * p.kw;
  const wide = Math.ceil(p.oc / LANES) * LANES;
  const packed = new Float32Array(taps * wide);
  for (let tap = 0; tap < taps; tap++) {
    const source = p.flipKernel ? taps - 1 - tap : tap;
    for (let o = 0; o < p.oc; o++) packed[tap * wide + o] = weight[p.channelsLast ? source * p.oc + o : o * taps + source];
  }
  return packed;
}

/** One channel a group: lanes are channels, and every channel multiplier reads an image whose channels are repeated. */
export const depthwise: ConvAlgorithm = {
  name: 'depthwise',
  accuracy: 'high',
  refuses(p) {
    if (p.groups !== p.ic) return `${p.groups} groups of ${p.ic / p.groups} channels, not of 1`;
    // one channel is an ordinary convolution with few inputs
    if (p.ic === 1) return 'a single input channel';
    return null;
  },
  prepare(host, p, weight, bias) {
    const { arena, exports } = host;
    const packed = tapsByChannel(p, weight);
    const wide = Math.ceil(p.oc / LANES) * LANES;
    const at = keepBlock(arena, {
      geometry: recordBytes('geometry'),
      depthwise: recordBytes('depthwise'),
      weights: packed.length * 4,
      bias: wide * 4,
    });
    writeGeometry(host, at.geometry, p);
    arena.f32(at.weights, packed.length).set(packed);
    const biases = arena.f32(at.bias, wide);
    biases.fill(0);
    if (bias) biases.set(bias);

    const multiplier = p.oc / p.ic;
    const paddedPixels = (p.pd + p.id + p.pdEnd) * (p.ph + p.ih + p.phEnd) * (p.pw + p.iw + p.pwEnd);
    const repeatedBytes = multiplier > 1 ? round64(paddedPixels * p.oc * 4) : 0;
    const frame = new Frame(host, p, at.geometry, () => repeatedBytes);
    const pixels = p.od * p.oh * p.ow;
    const kernel = kernelOf(p, exports);
    return {
      scratchBytes: frame.scratchBytes,
      run: (x, y, addend, scratch) =>
        frame.run(x, y, addend, scratch, (chunk) => {
          for (let i = 0; i < chunk.pixels / pixels; i++) {
            let image = chunk.image + i * paddedPixels * p.ic * 4;
            if (repeatedBytes) exports.repeatChannels(chunk.scratch, image, paddedPixels, p.ic, multiplier);
            if (repeatedBytes) image = chunk.scratch;
            const offset = i * pixels * p.oc * 4;
            const operands = { image, weights: at.weights, bias: at.bias, y: chunk.y + offset };
            writeRecord(host, 'depthwise', at.depthwise, { ...operands, addend: chunk.addend && chunk.addend + offset });
            kernel(at.geometry, at.depthwise, 0, p.od * p.oh);
          }
        }),
      dispose: () => arena.release(at.block),
    };
  },
};
