// Which of the tiles of a depthwise convolution runs.
import { depthwiseAny } from "./depthwise-any";
import { depthwisePairsS1, depthwisePairsS2, foursPairsS1, foursPairsS2 } from "./depthwise-pairs";
import {
  DepthwiseTile, LONG_TILE, depthwise3S1x7, depthwise3S2x7, depthwiseS1x4, depthwiseS1x7, depthwiseS2x4, depthwiseS2x7,
  foursS1x4, foursS1x7, foursS2x4, foursS2x7,
} from "./depthwise-tile";

/** Tiles of `n` pixels. `inputs`: channels of a group; `three`: see depthwise3S1x7; `pairs`: see Depthwise. */
@inline
export function runTile(t: DepthwiseTile, n: i32, stride: i32, inputs: i32, three: bool, pairs: bool): void {
  if (n == 0) depthwiseAny(t);
  else if (pairs) {
    if (inputs > 1) { if (stride == 1) foursPairsS1(t); else foursPairsS2(t); }
    else if (stride == 1) depthwisePairsS1(t);
    else depthwisePairsS2(t);
  } else if (inputs > 1) {
    if (stride == 1) { if (n == LONG_TILE) foursS1x7(t); else foursS1x4(t); }
    else if (n == LONG_TILE) foursS2x7(t);
    else foursS2x4(t);
  } else if (n == 4) {
    if (stride == 1) depthwiseS1x4(t);
    else depthwiseS2x4(t);
  } else if (stride == 1) {
    if (three) depthwise3S1x7(t);
    else depthwiseS1x7(t);
  } else if (three && !t.edge) depthwise3S2x7(t);
  else depthwiseS2x7(t);
}
