import type { Address } from './arena.js';

/** What every build exports. Counts are i32, addresses and `…Bytes` byte numbers; see the AssemblyScript file of the same name. */
export interface Exports extends Record<string, unknown> {
  readonly memory: WebAssembly.Memory;
  gemmRows(
    product: Address,
    a: Address,
    c: Address,
    addend: Address,
    ldaBytes: number,
    ldcBytes: number,
    begin: number,
    end: number,
    scratch: Address,
  ): void;
  gemmDots(
    product: Address,
    a: Address,
    c: Address,
    addend: Address,
    ldaBytes: number,
    ldcBytes: number,
    rows: number,
    begin: number,
    end: number,
    scratch: Address,
  ): void;
  gemmBatch(
    product: Address,
    a: Address,
    c: Address,
    ldaBytes: number,
    ldcBytes: number,
    m: number,
    aBytes: number,
    bBytes: number,
    cBytes: number,
    dots: number,
    panels: Address,
    kStepBytes: number,
    nStepBytes: number,
    begin: number,
    end: number,
    scratch: Address,
  ): void;
  outerBatch(
    outer: Address,
    m: number,
    n: number,
    aBytes: number,
    bBytes: number,
    cBytes: number,
    begin: number,
    end: number,
    scratch: Address,
  ): void;
  gemmColumns(
    product: Address,
    a: Address,
    b: Address,
    c: Address,
    addend: Address,
    rows: number,
    kStepBytes: number,
    nStepBytes: number,
    ldaBytes: number,
    ldcBytes: number,
    m: number,
    begin: number,
    end: number,
    scratch: Address,
  ): void;
  packPanels(
    to: Address,
    panelBytes: number,
    from: Address,
    k: number,
    n: number,
    kStepBytes: number,
    nStepBytes: number,
    scale: number,
  ): void;
  transpose(to: Address, toStepBytes: number, from: Address, fromStepBytes: number, rows: number, cols: number): void;
  multiplyAdd(a: Address, b: Address, c: Address): number;
  scale(to: Address, from: Address, count: number, factor: number): void;
  addScaled(to: Address, from: Address, count: number, factor: number): void;
  padImage(geometry: Address, x: Address, to: Address): void;
  padRows(geometry: Address, x: Address, to: Address, begin: number, end: number): void;
  convDirect(
    geometry: Address,
    x: Address,
    weight: Address,
    bias: Address,
    addend: Address,
    y: Address,
    begin: number,
    end: number,
  ): void;
  convIndirect(
    geometry: Address,
    product: Address,
    groupPanelBytes: number,
    image: Address,
    y: Address,
    addend: Address,
    begin: number,
    end: number,
    scratch: Address,
  ): void;
  poolPixels(pool: Address, x: Address, y: Address, indices: Address, begin: number, end: number): void;
  repitch(
    to: Address,
    toStepBytes: number,
    from: Address,
    fromStepBytes: number,
    count: number,
    floats: number,
    whole: number,
  ): void;
  powers(series: Address, to: Address, x: Address, factor: Address, count: number, exponent: number, accumulate: number): void;
  scatter(planes: Address, values: Address, indices: Address, count: number, channels: number, add: number): void;
  gather(planes: Address, values: Address, indices: Address, count: number, channels: number, add: number): void;
  indicesFit(indices: Address, count: number, cells: number): number;
  winogradWeights(
    record: Address,
    geometry: Address,
    matrixH: Address,
    matrixW: Address,
    weight: Address,
    panels: Address,
    begin: number,
    end: number,
    scratch: Address,
  ): void;
  convWinograd(
    record: Address,
    geometry: Address,
    product: Address,
    x: Address,
    y: Address,
    addend: Address,
    begin: number,
    end: number,
    scratch: Address,
  ): void;
  convInputGradDirect(
    geometry: Address,
    gradY: Address,
    weight: Address,
    bias: Address,
    addend: Address,
    gradX: Address,
    begin: number,
    end: number,
  ): void;
  padAdjoint(
    geometry: Address,
    padded: Address,
    channels: number,
    to: Address,
    addend: Address,
    begin: number,
    end: number,
  ): void;
  col2imNhwc(
    geometry: Address,
    columns: Address,
    columnBytes: number,
    channels: number,
    to: Address,
    begin: number,
    end: number,
  ): void;
  im2colNhwc(
    geometry: Address,
    image: Address,
    segments: Address,
    segmentCount: number,
    k: number,
    begin: number,
    end: number,
    to: Address,
    table: Address,
  ): void;
  im2colNchw(
    geometry: Address,
    x: Address,
    rows: Address,
    planeBytes: number,
    tapBytes: number,
    begin: number,
    end: number,
  ): void;
  col2imNchw(
    geometry: Address,
    rows: Address,
    planeBytes: number,
    tapBytes: number,
    x: Address,
    begin: number,
    end: number,
  ): void;
  convFewOutputs(
    geometry: Address,
    product: Address,
    image: Address,
    y: Address,
    addend: Address,
    begin: number,
    end: number,
    scratch: Address,
  ): void;
  depthwiseScratch(geometry: Address): number;
  convDepthwise(
    geometry: Address,
    depthwise: Address,
    image: Address,
    y: Address,
    addend: Address,
    begin: number,
    end: number,
    scratch: Address,
  ): void;
  repeatChannels(to: Address, from: Address, pixels: number, channels: number, times: number): void;
  weightGradScratch(geometry: Address, weightGrad: Address): number;
  convWeightGrad(
    geometry: Address,
    weightGrad: Address,
    image: Address,
    y: Address,
    sum: Address,
    fresh: number,
    begin: number,
    end: number,
    scratch: Address,
  ): void;
  weightGradDirect(
    geometry: Address,
    x: Address,
    y: Address,
    weight: Address,
    accumulate: number,
    begin: number,
    end: number,
  ): void;
  columnSums(to: Address, from: Address, rows: number, cols: number): void;
  rowSums(to: Address, from: Address, rows: number, cols: number): void;
  maskGradient(to: Address, gradient: Address, y: Address, count: number, lo: number, hi: number): void;
  placeWeights(
    to: Address,
    toTap: number,
    toC: number,
    toO: number,
    from: Address,
    fromTap: number,
    fromC: number,
    fromO: number,
    taps: number,
    icg: number,
    oc: number,
    accumulate: number,
  ): void;
  depthwiseGradScratch(geometry: Address, depthwise: Address): number;
  depthwiseGrad(
    geometry: Address,
    depthwise: Address,
    x: Address,
    y: Address,
    sum: Address,
    begin: number,
    end: number,
    scratch: Address,
  ): void;
  winogradGradX(
    geometry: Address,
    image: Address,
    kz: number,
    begin: number,
    end: number,
    v: Address,
    matrixBytes: number,
    scratch: Address,
  ): void;
  winogradGradY(
    geometry: Address,
    y: Address,
    begin: number,
    end: number,
    u: Address,
    matrixBytes: number,
    panelBytes: number,
    scratch: Address,
  ): void;
  winogradGradProducts(
    geometry: Address,
    outer: Address,
    tiles: number,
    v: Address,
    vMatrixBytes: number,
    u: Address,
    uMatrixBytes: number,
    sums: Address,
    sumBytes: number,
    fresh: number,
    table: Address,
  ): void;
  winogradGradWeights(sums: Address, sumBytes: number, count: number, to: Address, keep: number, scratch: Address): void;
}
