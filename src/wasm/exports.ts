import type { Address } from './arena.js';

/** What every build exports. Counts are i32, addresses and `…Bytes` byte numbers; see the AssemblyScript file of the same name. */
export interface Exports extends Record<string, unknown> {
  readonly memory: WebAssembly.Memory;
  gemmRows(product: Address, ldaBytes: number, ldcBytes: number, begin: number, end: number, table: Address): void;
  gemmDots(product: Address, ldaBytes: number, ldcBytes: number, rows: number, begin: number, end: number): void;
  stackProducts(
    product: Address,
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
    table: Address,
  ): void;
  stackOuter(
    outer: Address,
    m: number,
    n: number,
    aBytes: number,
    bBytes: number,
    cBytes: number,
    begin: number,
    end: number,
  ): void;
  gemmColumns(
    product: Address,
    b: Address,
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
    table: Address,
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
  /** As `convIndirect`, into the lattice of y that the geometry's strides say. */
  convScattered: Exports['convIndirect'];
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
  foldImages(
    geometry: Address,
    padded: Address,
    channels: number,
    to: Address,
    addend: Address,
    begin: number,
    end: number,
  ): void;
  scatterColumns(
    geometry: Address,
    columns: Address,
    columnBytes: number,
    channels: number,
    to: Address,
    begin: number,
    end: number,
  ): void;
  gatherColumns(
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
  unfold(geometry: Address, x: Address, rows: Address, planeBytes: number, tapBytes: number, begin: number, end: number): void;
  fold(geometry: Address, rows: Address, planeBytes: number, tapBytes: number, x: Address, begin: number, end: number): void;
  convFew(
    geometry: Address,
    product: Address,
    image: Address,
    y: Address,
    addend: Address,
    begin: number,
    end: number,
    table: Address,
  ): void;
  convDepthwise(geometry: Address, depthwise: Address, tilePixels: number, begin: number, end: number): void;
  repeatChannels(to: Address, from: Address, pixels: number, channels: number, times: number): void;
  convWeightGrad(
    geometry: Address,
    outer: Address,
    segments: Address,
    segmentCount: number,
    k: number,
    image: Address,
    y: Address,
    sum: Address,
    begin: number,
    end: number,
    block: number,
    strips: number,
    scratch: Address,
  ): void;
  convWeightGradTurned(
    geometry: Address,
    outer: Address,
    segments: Address,
    segmentCount: number,
    k: number,
    image: Address,
    y: Address,
    sum: Address,
    begin: number,
    end: number,
    block: number,
    table: Address,
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
  depthwiseGrad(
    geometry: Address,
    depthwise: Address,
    x: Address,
    y: Address,
    begin: number,
    end: number,
    scratch: Address,
  ): void;
  winogradGradX(
    record: Address,
    geometry: Address,
    image: Address,
    kz: number,
    begin: number,
    end: number,
    v: Address,
    scratch: Address,
  ): void;
  winogradGradY(record: Address, geometry: Address, y: Address, begin: number, end: number, u: Address, scratch: Address): void;
  winogradGradProducts(
    record: Address,
    geometry: Address,
    tiles: number,
    v: Address,
    u: Address,
    sums: Address,
    fresh: number,
    scratch: Address,
  ): void;
  winogradGradWeights(record: Address, sums: Address, count: number, to: Address, keep: number, scratch: Address): void;
}
