import type { ConvProblem } from '../../types.js';

/** Visits weights in the order [position][tap][ic][oc], with their place in [oc][position][ic][tap]. */
function eachWeight(p: ConvProblem, visit: (last: number, first: number) => void): void {
  const positions = p.od * p.oh * p.ow;
  const taps = p.kd * p.kh * p.kw;
  let last = 0;
  for (let position = 0; position < positions; position++) {
    for (let tap = 0; tap < taps; tap++) {
      for (let c = 0; c < p.ic; c++) {
        let first = (position * p.ic + c) * taps + tap;
        for (let o = 0; o < p.oc; o++, first += positions * p.ic * taps) visit(last++, first);
      }
    }
  }
}

/** Weights of a locally connected layer as [position][tap][ic][oc]: as they are with channels last, else a copy. */
export function weightsLast(p: ConvProblem, weight: Float32Array): Float32Array {
  if (p.channelsLast) return weight;
  const turned = new Float32Array(weight.length);
  eachWeight(p, (last, first) => {
    turned[last] = weight[first];
  });
  return turned;
}

/** Weights [position][tap][ic][oc] into [oc][position][ic][tap], or added to what is there. */
export function weightsFirst(p: ConvProblem, from: Float32Array, to: Float32Array, add: boolean): void {
  eachWeight(p, (last, first) => {
    to[first] = from[last] + (add ? to[first] : 0);
  });
}
